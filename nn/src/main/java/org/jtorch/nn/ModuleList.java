package org.jtorch.nn;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A list of modules: a {@link List} like any other, whose elements are this module's children under their positions.
 *
 * <pre>{@code
 * ModuleList<Linear> layers = new ModuleList<>(new Linear(8, 8), new Linear(8, 8));
 * for (Linear layer : layers) {
 *     x = layer.call(x).relu();
 * }
 * }</pre>
 *
 * <p>It cannot be called itself. Elements are not null. As of any list, equality is that of the elements.
 *
 * @param <M> what the elements are
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ModuleList.html">torch.nn.ModuleList</a>
 */
public class ModuleList<M extends Module<?, ?>> extends Module<Object, Object> implements List<M> {

    /** The elements, none of them null; every change of the list, also through its views, passes here. */
    private static final class Elements<M> extends AbstractList<M> {
        private final List<M> list = new ArrayList<>();

        @Override
        public M get(int index) {
            return list.get(index);
        }

        @Override
        public int size() {
            return list.size();
        }

        @Override
        public M set(int index, M module) {
            return list.set(index, Objects.requireNonNull(module, "a ModuleList has no place for null"));
        }

        @Override
        public void add(int index, M module) {
            list.add(index, Objects.requireNonNull(module, "a ModuleList has no place for null"));
            modCount++;
        }

        @Override
        public M remove(int index) {
            M removed = list.remove(index);
            modCount++;
            return removed;
        }
    }

    @Unregistered
    private final List<M> elements = new Elements<>();

    /** With these modules, in this order. */
    @SafeVarargs
    @SuppressWarnings("varargs") // read only
    public ModuleList(M... modules) {
        elements.addAll(Arrays.asList(modules));
    }

    /** With these modules, in their order. */
    public ModuleList(Collection<? extends M> modules) {
        elements.addAll(modules);
    }

    /** Adds a module at the end. */
    public final ModuleList<M> append(M module) {
        elements.add(module);
        return this;
    }

    /** Adds modules at the end. */
    public final ModuleList<M> extend(Collection<? extends M> modules) {
        elements.addAll(modules);
        return this;
    }

    @Override
    @SuppressWarnings("unchecked") // a wrong element fails where it is read as an M
    public void registerModule(String name, @Nullable Module<?, ?> module) {
        if (module == null || !name.equals(String.valueOf(size()))) {
            throw new IllegalArgumentException("the modules of a ModuleList are named by their position; the next is '"
                    + size() + "', not '" + name + "'");
        }
        elements.add((M) module);
    }

    @Override
    void visitChildren(BiConsumer<String, Module<?, ?>> visitor) {
        for (int i = 0; i < elements.size(); i++) {
            visitor.accept(String.valueOf(i), elements.get(i));
        }
    }

    /** {@inheritDoc} A list has nothing to compute: always throws. */
    @Override
    protected Object forward(Object input) {
        throw new UnsupportedOperationException(
                "Module [" + className() + "] is missing the required \"forward\" function: call its elements");
    }

    /** As PyTorch's {@code repr}: neighbours with the same text are shown once, {@code (0-3): 4 x Linear(…)}. */
    @Override
    public String toString() {
        List<String> texts = new ArrayList<>();
        elements.forEach(module -> texts.add(module.toString()));
        List<String> lines = new ArrayList<>();
        for (int first = 0, next; first < texts.size(); first = next) {
            String text = texts.get(first);
            next = first + 1;
            while (next < texts.size() && texts.get(next).equals(text)) {
                next++;
            }
            int count = next - first;
            lines.add(indent(
                    count == 1
                            ? "(" + first + "): " + text
                            : "(" + first + "-" + (next - 1) + "): " + count + " x " + text));
        }
        return lines.isEmpty() ? className() + "()" : className() + "(\n  " + String.join("\n  ", lines) + "\n)";
    }

    // --- the list ----------------------------------------------------------------------------------------------

    @Override
    public final int size() {
        return elements.size();
    }

    @Override
    public final boolean isEmpty() {
        return elements.isEmpty();
    }

    @Override
    public final M get(int index) {
        return elements.get(index);
    }

    @Override
    public final M set(int index, M module) {
        return elements.set(index, module);
    }

    @Override
    public final boolean add(M module) {
        return elements.add(module);
    }

    @Override
    public final void add(int index, M module) {
        elements.add(index, module);
    }

    @Override
    public final boolean addAll(Collection<? extends M> modules) {
        return elements.addAll(modules);
    }

    @Override
    public final boolean addAll(int index, Collection<? extends M> modules) {
        return elements.addAll(index, modules);
    }

    @Override
    public final M remove(int index) {
        return elements.remove(index);
    }

    @Override
    public final boolean remove(@Nullable Object module) {
        return elements.remove(module);
    }

    @Override
    public final boolean removeAll(Collection<?> modules) {
        return elements.removeAll(modules);
    }

    @Override
    public final boolean retainAll(Collection<?> modules) {
        return elements.retainAll(modules);
    }

    @Override
    public final void clear() {
        elements.clear();
    }

    @Override
    public final boolean contains(@Nullable Object module) {
        return elements.contains(module);
    }

    @Override
    public final boolean containsAll(Collection<?> modules) {
        return elements.containsAll(modules);
    }

    @Override
    public final int indexOf(@Nullable Object module) {
        return elements.indexOf(module);
    }

    @Override
    public final int lastIndexOf(@Nullable Object module) {
        return elements.lastIndexOf(module);
    }

    @Override
    public final Iterator<M> iterator() {
        return elements.iterator();
    }

    @Override
    public final ListIterator<M> listIterator() {
        return elements.listIterator();
    }

    @Override
    public final ListIterator<M> listIterator(int index) {
        return elements.listIterator(index);
    }

    @Override
    public final List<M> subList(int from, int to) {
        return elements.subList(from, to);
    }

    @Override
    public final Object[] toArray() {
        return elements.toArray();
    }

    @Override
    public final <T> T[] toArray(T[] array) {
        return elements.toArray(array);
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other == this || elements.equals(other);
    }

    @Override
    public final int hashCode() {
        return elements.hashCode();
    }
}
