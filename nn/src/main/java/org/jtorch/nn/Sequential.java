package org.jtorch.nn;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/**
 * A list of modules that are called one after the other, each with the output of the one before it. The container itself
 * computes nothing and frees nothing.
 *
 * <pre>{@code
 * var model = new Sequential(new Linear(64, 128), new ReLU(), new Linear(128, 10));
 * }</pre>
 *
 * <p>The keys are the positions ({@code 0.weight}) or the given names. Only the modules in the list are called and registered;
 * the fields of a subclass are not.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Sequential.html">torch.nn.Sequential</a>
 */
public class Sequential extends Module<Tensor, Tensor> implements Iterable<Module<Tensor, Tensor>> {

    @Unregistered
    private List<Named<Module<Tensor, Tensor>>> steps = new ArrayList<>();

    /** Creates a container of modules with the names {@code 0}, {@code 1}, and so on. */
    @SafeVarargs
    public Sequential(Module<Tensor, Tensor>... modules) {
        for (Module<Tensor, Tensor> module : modules) {
            append(module);
        }
    }

    /** Creates a container of modules with the given names, in the order of the map. */
    public Sequential(Map<String, ? extends Module<Tensor, Tensor>> modules) {
        modules.forEach(this::add);
    }

    // --- the list ----------------------------------------------------------------------------------------------

    /** Returns the number of modules. */
    public final int size() {
        return steps.size();
    }

    /** Returns the module at a position; a negative position counts from the end. */
    public final Module<Tensor, Tensor> get(int index) {
        return steps.get(Slices.index(index, size())).value();
    }

    /** Returns the module of a name. */
    public final Module<Tensor, Tensor> get(String name) {
        int position = position(name);
        if (position < 0) {
            throw new NoSuchElementException("there is no module '" + name + "' in " + names());
        }
        return steps.get(position).value();
    }

    /**
     * Returns the module at a position as the given class: {@code seq.get(0, Linear.class).weight}. A negative position counts
     * from the end.
     *
     * @throws IllegalArgumentException if the module at that position is of another class
     */
    public final <M extends Module<?, ?>> M get(int index, Class<M> type) {
        return Paths.cast(get(index), String.valueOf(index), type);
    }

    /**
     * Returns the module with the given name as the given class.
     *
     * @throws NoSuchElementException if there is no module with that name
     * @throws IllegalArgumentException if the module at that position is of another class
     */
    public final <M extends Module<?, ?>> M get(String name, Class<M> type) {
        return Paths.cast(get(name), name, type);
    }

    /**
     * Returns a new Sequential of the same modules from {@code start} (inclusive) to {@code stop} (exclusive), under the names
     * they have here.
     */
    public final Sequential slice(@Nullable Integer start, @Nullable Integer stop) {
        return slice(start, stop, 1);
    }

    /**
     * Returns a new Sequential of some of the same modules, under the names they have here: PyTorch's
     * {@code seq[start:stop:step]}.
     *
     * @param start the first position; negative counts from the end, null means the first
     * @param stop the position before which to stop; negative counts from the end, null means after the last
     * @param step the distance from one position to the next; negative goes backwards
     */
    public final Sequential slice(@Nullable Integer start, @Nullable Integer stop, int step) {
        Sequential result = new Sequential();
        for (int i : Slices.positions(size(), start, stop, step)) {
            result.steps.add(steps.get(i));
        }
        return result;
    }

    /** Replaces the module at a position; the new module gets its name. A negative position counts from the end. */
    public final Sequential set(int index, Module<Tensor, Tensor> module) {
        int position = Slices.index(index, size());
        String name = steps.get(position).name();
        steps.set(position, new Named<>(name, registering(name, module)));
        return this;
    }

    /**
     * Adds a module at the end, with its position as its name.
     *
     * @throws IllegalArgumentException if another module has that name; PyTorch would silently drop that module
     */
    public final Sequential append(Module<Tensor, Tensor> module) {
        String name = String.valueOf(size());
        if (position(name) >= 0) {
            throw new IllegalArgumentException("the module to append would be '" + name + "', which is already in "
                    + names() + ": add it under a name of its own");
        }
        steps.add(new Named<>(name, registering(name, module)));
        return this;
    }

    /** Adds modules at the end, with their positions as their names. */
    public final Sequential extend(Iterable<? extends Module<Tensor, Tensor>> modules) {
        List<Module<Tensor, Tensor>> added = new ArrayList<>(); // The argument may be this container itself.
        modules.forEach(added::add);
        added.forEach(this::append);
        return this;
    }

    /**
     * Inserts a module before the one at a position, and renames all modules by their new positions.
     *
     * @param index the position, from 0 to the size; negative counts from the end
     * @throws IllegalStateException if modules have names other than their positions, which would be lost
     */
    public final Sequential insert(int index, Module<Tensor, Tensor> module) {
        int size = size();
        if (index < -size || index > size) {
            throw new IndexOutOfBoundsException("Index out of range: " + index);
        }
        for (int i = 0; i < size; i++) {
            if (!steps.get(i).name().equals(String.valueOf(i))) {
                throw new IllegalStateException(
                        "insert renumbers the modules, but these have names: " + names() + "; make a new Sequential");
            }
        }
        steps.add(index < 0 ? index + size : index, new Named<>("", present(module)));
        renumber();
        return this;
    }

    /** Removes the module at a position, and renames the remaining modules by their positions, as PyTorch does. */
    public final Sequential delete(int index) {
        steps.remove(Slices.index(index, size()));
        renumber();
        return this;
    }

    /**
     * Removes the modules that {@link #slice} returns, and renames the remaining modules by their positions, as PyTorch does.
     */
    public final Sequential deleteSlice(@Nullable Integer start, @Nullable Integer stop, int step) {
        Slices.remove(steps, start, stop, step);
        renumber();
        return this;
    }

    /** Removes and returns the module at a position, as {@link #delete} does. */
    public final Module<Tensor, Tensor> pop(int index) {
        Module<Tensor, Tensor> popped = get(index);
        delete(index);
        return popped;
    }

    /** Removes and returns the modules from {@code start} (inclusive) to {@code stop} (exclusive). */
    public final Sequential pop(@Nullable Integer start, @Nullable Integer stop) {
        return pop(start, stop, 1);
    }

    /**
     * Removes some of the modules, renames the remaining ones by their positions, and returns the removed ones as
     * {@link #slice} does: PyTorch's {@code seq.pop(slice(start, stop, step))}.
     */
    public final Sequential pop(@Nullable Integer start, @Nullable Integer stop, int step) {
        Sequential popped = slice(start, stop, step);
        deleteSlice(start, stop, step);
        return popped;
    }

    /**
     * Returns a new Sequential of these modules followed by those of {@code other}, named by their positions: PyTorch's
     * {@code self + other}.
     */
    public final Sequential plus(Sequential other) {
        return new Sequential().extend(this).extend(other);
    }

    /** Returns a new Sequential that repeats the same modules {@code times} times: PyTorch's {@code self * times}. */
    public final Sequential times(int times) {
        if (times <= 0) {
            throw new IllegalArgumentException("Non-positive multiplication factor " + times + " for " + className());
        }
        Sequential result = new Sequential();
        for (int i = 0; i < times; i++) {
            result.extend(this);
        }
        return result;
    }

    /** Returns an iterator over the modules in their order. */
    @Override
    public final Iterator<Module<Tensor, Tensor>> iterator() {
        return Traversal.values(steps).iterator();
    }

    /**
     * Adds a module with the given name at the end, or replaces the module with that name.
     *
     * @throws IllegalArgumentException if the name is empty or contains a dot
     */
    public final Sequential add(String name, Module<Tensor, Tensor> module) {
        Registry.checkName("module", name, ", got: " + name);
        int position = position(name);
        Named<Module<Tensor, Tensor>> step = new Named<>(name, registering(name, module));
        if (position < 0) {
            steps.add(step);
        } else {
            steps.set(position, step);
        }
        return this;
    }

    @SuppressWarnings(
            "unchecked") // If a registration hook replaces the module by one of another type, its first call fails.
    private Module<Tensor, Tensor> registering(String name, @Nullable Module<Tensor, Tensor> module) {
        Module<?, ?> registered = GlobalHooks.registering(this, name, present(module));
        return (Module<Tensor, Tensor>) Objects.requireNonNull(registered);
    }

    private static Module<Tensor, Tensor> present(@Nullable Module<Tensor, Tensor> module) {
        return Objects.requireNonNull(module, "a Sequential cannot hold an absent module");
    }

    private int position(String name) {
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private List<String> names() {
        return steps.stream().map(Named::name).toList();
    }

    private void renumber() {
        for (int i = 0; i < steps.size(); i++) {
            steps.set(i, new Named<>(String.valueOf(i), steps.get(i).value()));
        }
    }

    // --- the module --------------------------------------------------------------------------------------------

    @Override
    @SuppressWarnings("unchecked") // A module that does not take and return a tensor fails at its first call.
    public void registerModule(String name, @Nullable Module<?, ?> module) {
        if (module == null) {
            throw new IllegalArgumentException("a Sequential cannot hold an absent module '" + name + "'");
        }
        add(name, (Module<Tensor, Tensor>) module);
    }

    @Override
    @Nullable
    Object attribute(String name) {
        int position = position(name);
        return position < 0 ? super.attribute(name) : steps.get(position).value();
    }

    @Override
    boolean deleteListed(String name) {
        int position = position(name);
        if (position >= 0) {
            steps.remove(position);
        }
        return position >= 0;
    }

    @Override
    void visitShown(BiConsumer<String, @Nullable Module<?, ?>> visitor) {
        visitChildren(visitor::accept);
    }

    @Override
    void visitChildren(BiConsumer<String, Module<?, ?>> visitor) {
        for (Named<Module<Tensor, Tensor>> step : steps) {
            visitor.accept(step.name(), step.value());
        }
    }

    @Override
    protected Tensor forward(Tensor input) {
        Tensor x = input;
        for (int i = 0; i < steps.size(); i++) {
            x = steps.get(i).value().call(x);
        }
        return x;
    }
}
