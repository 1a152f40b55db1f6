package org.jtorch.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.OpRecorder;
import org.jtorch.Tensor;

/**
 * Modules called one behind the other, each on what the one before gave.
 *
 * <pre>{@code
 * var model = new Sequential(new Linear(64, 128), new ReLU(), new Linear(128, 10));
 * }</pre>
 *
 * <p>Keys are positions ({@code 0.weight}) or the names given.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Sequential.html">torch.nn.Sequential</a>
 */
public class Sequential extends Module<Tensor, Tensor> {

    @Unregistered
    private final List<Named<Module<Tensor, Tensor>>> steps = new ArrayList<>();

    /** Modules under the names {@code 0}, {@code 1}, … */
    @SafeVarargs
    public Sequential(Module<Tensor, Tensor>... modules) {
        for (Module<Tensor, Tensor> module : modules) {
            append(module);
        }
    }

    /** Modules under names, in the map's order. */
    public Sequential(Map<String, ? extends Module<Tensor, Tensor>> modules) {
        modules.forEach(this::add);
    }

    /** Adds a module under the next position. */
    public final Sequential append(Module<Tensor, Tensor> module) {
        return add(String.valueOf(steps.size()), module);
    }

    /**
     * Adds a module under a name.
     *
     * @throws IllegalArgumentException where the name is empty, has a dot, or is taken
     */
    @SuppressWarnings(
            "unchecked") // what a registration hook puts in its place fails at its first call if it is another kind
    public final Sequential add(String name, Module<Tensor, Tensor> module) {
        if (name.isEmpty() || name.contains(".")) {
            throw new IllegalArgumentException(
                    name.isEmpty()
                            ? "module name can't be empty string \"\""
                            : "module name can't contain \".\", got: " + name);
        }
        if (steps.stream().anyMatch(s -> s.name().equals(name))) {
            throw new IllegalArgumentException("attribute '" + name + "' already exists");
        }
        Module<?, ?> registered = GlobalHooks.registering(this, name, module);
        steps.add(new Named<>(name, (Module<Tensor, Tensor>) Objects.requireNonNull(registered)));
        return this;
    }

    @Override
    @SuppressWarnings("unchecked") // a Sequential's steps take and give a tensor; a wrong one fails at its first call
    public void registerModule(String name, @Nullable Module<?, ?> module) {
        if (module == null) {
            throw new IllegalArgumentException("a Sequential has no place for an absent module '" + name + "'");
        }
        add(name, (Module<Tensor, Tensor>) module);
    }

    /** The module at a position; negative counts from the end. */
    public final Module<Tensor, Tensor> get(int index) {
        int size = steps.size();
        if (index < -size || index >= size) {
            throw new IndexOutOfBoundsException("index " + index + " is out of range for " + size + " modules");
        }
        return steps.get(index < 0 ? index + size : index).value();
    }

    /** How many modules there are. */
    public final int size() {
        return steps.size();
    }

    @Override
    void visitChildren(BiConsumer<String, Module<?, ?>> visitor) {
        for (Named<Module<Tensor, Tensor>> step : steps) {
            visitor.accept(step.name(), step.value());
        }
    }

    @Override
    boolean keepsTensors() {
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).value().mayKeepTensors()) {
                return true;
            }
        }
        return false;
    }

    /** {@inheritDoc} What one step gave is freed once the next has used it, where neither keeps a reference to it. */
    @Override
    protected Tensor forward(Tensor input) {
        boolean recorded = OpRecorder.isActive();
        Tensor x = input;
        boolean ours = false;
        for (int i = 0; i < steps.size(); i++) {
            Module<Tensor, Tensor> module = steps.get(i).value();
            boolean keeps = recorded || module.mayKeepTensors();
            Tensor y = module.call(x);
            if (y == x) {
                ours &= !keeps;
            } else {
                if (ours && !keeps && !x.isClosed()) {
                    x.close();
                }
                ours = !keeps;
                x = y;
            }
        }
        return x;
    }
}
