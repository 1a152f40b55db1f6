package org.jtorch.autograd;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.internal.Handles;
import org.jtorch.internal.Hub;

/** Keeps what one application of a {@link Function} needs in its backward pass. Lives as long as the graph. */
public final class Context {

    private final Function function;
    private final boolean[] needsInputGrad;
    private final boolean recorded;
    private final FunctionCast cast;

    // set in the forward pass
    private List<Tensor> toSave = List.of();
    private final Set<Tensor> dirty = Collections.newSetFromMap(new IdentityHashMap<>(0));
    private final Set<Tensor> notDifferentiable = Collections.newSetFromMap(new IdentityHashMap<>(0));
    private boolean materializeGrads = true;
    private @Nullable Map<String, Object> values;

    // used in the backward pass
    private @Nullable Hub hub;
    private List<SavedTensor> saved = List.of();
    private List<Output> outputs = List.of();
    private boolean freed;
    private boolean inBackward;

    /** The properties of an output that are needed to create zeros like it. */
    private record Output(long[] shape, DType dtype, Device device) {
        static Output of(Tensor tensor) {
            return new Output(tensor.shape(), tensor.dtype(), tensor.device());
        }

        Tensor zeros() {
            return Torch.zeros(shape, TensorOptions.of(dtype).device(device));
        }
    }

    Context(Function function, List<? extends Tensor> inputs) {
        this.function = function;
        needsInputGrad = new boolean[inputs.size()];
        boolean any = false;
        for (int i = 0; i < needsInputGrad.length; i++) {
            needsInputGrad[i] = inputs.get(i).requiresGrad();
            any |= needsInputGrad[i];
        }
        recorded = any && Autograd.isGradEnabled();
        cast = FunctionCast.of(function.autocast());
    }

    // --- for the forward pass ----------------------------------------------------------------------------------

    /**
     * Saves tensors for the backward pass: inputs, outputs, or others. May be called once, in the forward pass. The
     * backward pass gets them from {@link #savedTensors}, which detects whether they were changed in place. Saving a tensor
     * does not create a reference cycle.
     */
    public void saveForBackward(Tensor... tensors) {
        toSave = List.of(tensors);
    }

    /** Declares that the forward pass changed these inputs in place. They must be among the outputs. */
    public void markDirty(Tensor... tensors) {
        Collections.addAll(dirty, tensors);
    }

    /** Declares that these outputs have no gradient. Outputs whose dtype does not support gradients need not be named. */
    public void markNonDifferentiable(Tensor... tensors) {
        Collections.addAll(notDifferentiable, tensors);
    }

    /** Sets whether gradients of unused outputs are zeros in the backward pass, which is the default, or null. */
    public void setMaterializeGrads(boolean materialize) {
        materializeGrads = materialize;
    }

    /**
     * Keeps a value that is not a tensor under a name, for the backward pass.
     *
     * @throws IllegalArgumentException if {@code value} is a tensor, or a collection, map, array, record or Optional that
     *     contains one: {@link #saveForBackward} saves tensors
     */
    public void put(String name, Object value) {
        if (KeptValues.holdsTensor(value)) {
            throw new IllegalArgumentException("'" + name + "' "
                    + (value instanceof Tensor
                            ? "is a tensor"
                            : "is a " + value.getClass().getSimpleName() + " of tensors")
                    + ", which may be freed before the backward, and would keep the graph alive: keep tensors by"
                    + " saveForBackward, and take them from savedTensors()");
        }
        if (values == null) {
            values = new HashMap<>();
        }
        values.put(name, value);
    }

    // --- for both ----------------------------------------------------------------------------------------------

    /**
     * Returns whether input {@code i} needs a gradient. In the backward pass, the answer is for the running pass, so it may
     * be false although it was true in the forward pass.
     */
    public boolean needsInputGrad(int i) {
        Hub current = hub;
        return needsInputGrad[i] && (current == null || !inBackward || current.needs(i));
    }

    /**
     * Returns the value kept under {@code name}.
     *
     * @throws IllegalArgumentException if there is none
     */
    @SuppressWarnings("unchecked")
    public <T> T get(String name) {
        Object value = values == null ? null : values.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "nothing is kept under '" + name + "'; known: " + (values == null ? Set.of() : values.keySet()));
        }
        return (T) value;
    }

    private static final String FREED =
            "Trying to backward through the graph a second time (or directly access saved tensors after they have already been"
                    + " freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad()."
                    + " Specify retain_graph=True if you need to backward through the graph a second time or if you need to access"
                    + " saved tensors after calling backward.";

    // --- for the backward pass ---------------------------------------------------------------------------------

    /**
     * Returns the tensors that {@link #saveForBackward} saved, in the same order, with their history.
     *
     * @throws TorchException if one of them was changed in place since, or if a backward pass freed the graph
     */
    public List<Tensor> savedTensors() {
        List<org.bytedeco.pytorch.Tensor> copies = new ArrayList<>(saved.size());
        org.bytedeco.pytorch.@Nullable Tensor[] ofOutputs = new org.bytedeco.pytorch.Tensor[outputs.size()];
        boolean any = false;
        try {
            for (SavedTensor tensor : saved) {
                org.bytedeco.pytorch.Tensor copy = freed ? null : tensor.copy();
                if (copy == null) {
                    throw new TorchException(FREED);
                }
                copies.add(copy);
                if (tensor.output >= 0) {
                    ofOutputs[tensor.output] = copy;
                    any = true;
                }
            }
            if (any && Autograd.isGradEnabled() && hub != null) {
                ofOutputs = hub.reconnect(ofOutputs);
            }
        } catch (RuntimeException e) {
            copies.forEach(org.bytedeco.pytorch.Tensor::close);
            throw e;
        }
        List<Tensor> tensors = new ArrayList<>(copies.size());
        Tensor[] owned = new Tensor[ofOutputs.length];
        for (int i = 0; i < copies.size(); i++) {
            org.bytedeco.pytorch.Tensor copy = copies.get(i);
            int output = saved.get(i).output;
            if (output < 0) {
                tensors.add(Handles.own(copy));
                continue;
            }
            org.bytedeco.pytorch.Tensor handle = ofOutputs[output];
            if (owned[output] == null && handle != null) {
                owned[output] = Handles.own(handle);
            }
            if (handle != copy) {
                copy.close(); // it has another history, or is in the list twice
            }
            tensors.add(owned[output]);
        }
        return tensors;
    }

    // --- the application ---------------------------------------------------------------------------------------

    List<Tensor> apply(List<Tensor> inputs) {
        try (TensorScope scope = new TensorScope()) {
            List<Tensor> results = recorded ? record(inputs) : compute(inputs);
            results.forEach(scope::keep);
            return results;
        }
    }

    /** Returns the values of the outputs as distinct tensors, none of which is an input. */
    private List<Tensor> compute(List<Tensor> inputs) {
        try (GradMode mode = Autograd.noGrad()) {
            List<Tensor> results = Objects.requireNonNull(
                    cast.forward(inputs, given -> function.forward(this, given)),
                    () -> function.name() + ".forward returned null: return the list of outputs");
            List<Tensor> fresh = new ArrayList<>(results.size());
            Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
            for (Tensor result : results) {
                boolean changed = dirty.contains(result);
                if (!seen.add(result) || (!changed && isOneOf(inputs, result))) {
                    Tensor view = result.viewAs(result);
                    if (notDifferentiable.contains(result)) {
                        notDifferentiable.add(view);
                    }
                    fresh.add(view);
                } else if (recorded && !changed && result.requiresGrad()) {
                    fresh.add(result.detach());
                } else {
                    fresh.add(result);
                }
            }
            return fresh;
        }
    }

    private static boolean isOneOf(List<Tensor> inputs, Tensor result) {
        for (Tensor input : inputs) {
            if (input == result || Handles.of(input).is_same(Handles.of(result))) {
                return true;
            }
        }
        return false;
    }

    private List<Tensor> record(List<Tensor> inputs) {
        Hub made = new Hub(function.name(), inputs, new Back());
        boolean connected = false;
        try {
            List<Tensor> results = compute(inputs);
            checkDirty(inputs, results);
            List<@Nullable Tensor> differentiable = new ArrayList<>(results.size());
            List<Output> shapes = new ArrayList<>(results.size());
            boolean any = false;
            for (Tensor result : results) {
                boolean is = !notDifferentiable.contains(result) && (result.isFloatingPoint() || result.isComplex());
                differentiable.add(is ? result : null);
                any |= is;
                shapes.add(Output.of(result));
            }
            if (!any) {
                return results;
            }
            outputs = shapes;
            made.connect(differentiable);
            connected = true;
            hub = made;
            saved = save(differentiable);
            return results;
        } finally {
            toSave = List.of();
            dirty.clear();
            notDifferentiable.clear();
            if (!connected) {
                made.discard();
            }
        }
    }

    /** Saves the tensors after the forward pass, so that changes that it made in place are included. */
    private List<SavedTensor> save(List<? extends @Nullable Tensor> results) {
        List<SavedTensor> list = new ArrayList<>(toSave.size());
        for (Tensor tensor : toSave) {
            int output = -1;
            for (int j = 0; j < results.size(); j++) {
                if (results.get(j) == tensor) {
                    output = j;
                }
            }
            list.add(new SavedTensor(Handles.of(tensor), output));
        }
        return list;
    }

    private void checkDirty(List<Tensor> inputs, List<Tensor> results) {
        for (Tensor changed : dirty) {
            if (inputs.stream().noneMatch(input -> input == changed)) {
                continue; // an output that was not visible before; PyTorch accepts it, too
            }
            if (results.stream().noneMatch(result -> result == changed)) {
                throw new TorchException(
                        "Some elements marked as dirty during the forward method were not returned as output."
                                + " The inputs that are modified inplace must all be outputs of the Function.");
            }
            if (changed.isLeaf() && changed.requiresGrad()) {
                throw new TorchException("a leaf Variable that requires grad has been used in an in-place operation.");
            }
            if (Handles.of(changed).is_view()) {
                throw new TorchException("markDirty of a view is not supported in " + function.name()
                        + ": its base would have to be recorded anew. Pass a clone() of it");
            }
            Hub.forgetHistory(Handles.of(changed));
        }
    }

    /** The function that the hub calls. */
    private final class Back implements Hub.Function {
        @Override
        public List<? extends @Nullable Tensor> backward(List<@Nullable Tensor> gradOutputs) {
            List<@Nullable Tensor> grads = gradOutputs;
            if (materializeGrads && grads.contains(null)) {
                grads = new ArrayList<>(gradOutputs);
                for (int j = 0; j < grads.size(); j++) {
                    if (grads.get(j) == null) {
                        grads.set(j, outputs.get(j).zeros());
                    }
                }
            }
            inBackward = true;
            try {
                return Objects.requireNonNull(
                        cast.backward(grads, given -> function.backward(Context.this, given)),
                        () -> function.name()
                                + ".backward returned null: return one gradient, or null, for each input in a list");
            } finally {
                inBackward = false;
            }
        }

        @Override
        public void release() {
            freed = true;
            for (SavedTensor tensor : saved) {
                tensor.free();
            }
        }
    }
}
