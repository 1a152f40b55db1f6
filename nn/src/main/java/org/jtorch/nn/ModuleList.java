package org.jtorch.nn;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A list of modules. It is a {@link List} whose elements are the children of this module, with their positions as keys.
 *
 * <pre>{@code
 * ModuleList<Linear> layers = new ModuleList<>(new Linear(8, 8), new Linear(8, 8));
 * for (Linear layer : layers) {
 *     x = layer.call(x).relu();
 * }
 * }</pre>
 *
 * <p>It cannot be called. Elements must not be null. Two lists are equal if their elements are equal.
 *
 * @param <M> the type of the elements
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ModuleList.html">torch.nn.ModuleList</a>
 */
public class ModuleList<M extends Module<?, ?>> extends ListModule<M> {

    /** Creates a list of the given modules, in this order. */
    @SafeVarargs
    @SuppressWarnings("varargs") // The array is only read.
    public ModuleList(M... modules) {
        this(Arrays.asList(modules));
    }

    /** Creates a list of the given modules, in their order. */
    public ModuleList(Collection<? extends M> modules) {
        super(module -> Objects.requireNonNull(module, "the elements of a ModuleList must not be null"));
        addAll(modules);
    }

    @Override
    @SuppressWarnings("unchecked") // An element of another type fails when it is read as an M.
    final M registering(int position, M element) {
        Module<?, ?> registered = GlobalHooks.registering(this, String.valueOf(position), element);
        return (M) Objects.requireNonNull(registered, "the elements of a ModuleList must not be null");
    }

    /** Adds a module at the end. */
    public final ModuleList<M> append(M module) {
        add(module);
        return this;
    }

    /** Adds modules at the end. */
    public final ModuleList<M> extend(Collection<? extends M> modules) {
        List.copyOf(modules).forEach(this::append); // The argument may be this container itself.
        return this;
    }

    /**
     * Returns the module at a position as the given class. A negative position counts from the end.
     *
     * @throws IllegalArgumentException if the module at that position is of another class
     */
    public final <T extends Module<?, ?>> T get(int index, Class<T> type) {
        return Paths.cast(get(index), String.valueOf(index), type);
    }

    /** Inserts a module before the one at a position: {@link #add(int, Object)} under PyTorch's name. */
    public final ModuleList<M> insert(int index, M module) {
        add(index, module);
        return this;
    }

    /** Removes and returns the module at a position. A negative position counts from the end. */
    public final M pop(int index) {
        return elements.remove(Slices.index(index, size()));
    }

    /**
     * Removes some of the modules and returns them in a new list: PyTorch's {@code list.pop(slice(start, stop, step))}.
     *
     * @param start the first position; negative counts from the end, null means the first
     * @param stop the position before which to stop; negative counts from the end, null means after the last
     * @param step the distance from one position to the next; negative goes backwards
     */
    public final ModuleList<M> pop(@Nullable Integer start, @Nullable Integer stop, int step) {
        ModuleList<M> popped = slice(start, stop, step);
        deleteSlice(start, stop, step);
        return popped;
    }

    /**
     * Returns a new list of some of the same modules: PyTorch's {@code list[start:stop:step]}. In contrast, {@link #subList}
     * returns a view.
     *
     * @param start the first position; negative counts from the end, null means the first
     * @param stop the position before which to stop; negative counts from the end, null means after the last
     * @param step the distance from one position to the next; negative goes backwards
     */
    public final ModuleList<M> slice(@Nullable Integer start, @Nullable Integer stop, int step) {
        ModuleList<M> result = new ModuleList<>(List.of());
        for (int i : Slices.positions(size(), start, stop, step)) {
            result.append(elements.get(i));
        }
        return result;
    }

    /** Removes the elements that {@link #slice} returns. */
    public final ModuleList<M> deleteSlice(@Nullable Integer start, @Nullable Integer stop, int step) {
        Slices.remove(elements, start, stop, step);
        return this;
    }

    /** Returns a new list of these modules followed by the given ones: PyTorch's {@code self + other}. */
    public final ModuleList<M> plus(Collection<? extends M> other) {
        return new ModuleList<M>(this).extend(other);
    }

    @Override
    @SuppressWarnings("unchecked") // An element of another type fails when it is read as an M.
    public void registerModule(String name, @Nullable Module<?, ?> module) {
        boolean there = elementAt(name) != null;
        if (module == null || (!there && !name.equals(String.valueOf(size())))) {
            throw new IllegalArgumentException("the modules of a ModuleList are named by their position; the next is '"
                    + size() + "', not '" + name + "'");
        }
        if (there) {
            set(Integer.parseInt(name), (M) module);
        } else {
            add((M) module);
        }
    }

    @Override
    void visitChildren(BiConsumer<String, Module<?, ?>> visitor) {
        for (int i = 0; i < elements.size(); i++) {
            visitor.accept(String.valueOf(i), elements.get(i));
        }
    }

    @Override
    @Nullable
    Object attribute(String name) {
        M element = elementAt(name);
        return element == null ? super.attribute(name) : element;
    }

    /** {@inheritDoc} A list cannot be called, so this method always throws. */
    @Override
    protected Object forward(Object input) {
        throw new UnsupportedOperationException(
                "Module [" + className() + "] is missing the required \"forward\" function: call its elements");
    }

    /** Returns PyTorch's {@code repr}. Neighbours with the same text are shown once: {@code (0-3): 4 x Linear(…)}. */
    @Override
    public String toString() {
        return Repr.folded(this, elements);
    }
}
