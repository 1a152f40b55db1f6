package org.jtorch.optim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.internal.Extent;
import org.jtorch.internal.Gradient;
import org.jtorch.internal.TensorKind;

/**
 * A parameter that a step will change, with its gradient and its state. Parameters and gradients that no kernel accepts are
 * refused here, before the step has changed anything.
 */
public final class Slot {

    private final int group;
    private final int index;
    private final Operand parameter;
    private final Gradient gradient;
    private final State state;
    private final DType gradientDtype;
    private final boolean sparse;
    private final Extent gradientExtent;
    private final List<Operand> stateOperands = new ArrayList<>(3);

    private Slot(int group, int index, Operand parameter, Gradient gradient, State state) {
        this.group = group;
        this.index = index;
        this.parameter = parameter;
        this.gradient = gradient;
        this.state = state;
        this.gradientDtype = gradient.dtype();
        this.sparse = gradient.isSparse();
        this.gradientExtent = gradient.extent(!sparse && parameter.kind().layout() == Layout.STRIDED);
    }

    /**
     * Returns parameter {@code index} of group {@code group} as it is now, or null if it has no gradient.
     *
     * @param states returns the state of a parameter, which may be empty
     * @throws TorchException if the parameter cannot be written to
     * @throws IllegalStateException if the gradient does not fit the parameter, or does not fit it any more
     */
    static @Nullable Slot of(int group, int index, Kept kept, Function<Tensor, State> states) {
        Gradient gradient = Gradient.of(kept.tensor());
        if (gradient == null) {
            return null;
        }
        TensorKind kind = kept.kind();
        if (kind.isNested() || gradient.isNested()) {
            throw new TorchException(name(group, index)
                    + " is a nested tensor, which is not optimized: make each of its parts a parameter");
        }
        if (kind.isConj()) {
            throw new TorchException(name(group, index)
                    + " is a lazy conjugate, which cannot be changed in place: call resolveConj() first");
        }
        if (kind.isInference()
                && !Autograd.isInferenceModeEnabled()) { // the engine would refuse it after it has changed it
            throw new TorchException(name(group, index) + " was made in inference mode (Inplace update to inference"
                    + " tensor outside InferenceMode is not allowed): clone() it before making it a parameter");
        }
        Slot slot = new Slot(group, index, Operand.of(kept), gradient, states.apply(kept.tensor()));
        slot.checkSizes();
        slot.checkDevice();
        return slot;
    }

    /** Returns the name of a parameter in messages. */
    static String name(int group, int index) {
        return "parameter " + index + " of group " + group;
    }

    private void checkSizes() {
        if (!parameter.extent().sameSizes(gradientExtent)) {
            throw new IllegalStateException(name(group, index) + " is of shape "
                    + parameter.extent().sizes() + ", but its gradient of shape " + gradientExtent.sizes()
                    + ": the parameter changed its shape after the gradient was computed; run zeroGrad() and backward()"
                    + " again");
        }
        if (parameter.extent().isExpanded()) {
            throw new TorchException(name(group, index) + " of shape "
                    + parameter.extent().sizes() + " and strides "
                    + parameter.extent().strides()
                    + " is expanded: more than one element of the written-to tensor refers to a single memory location."
                    + " Please clone() the tensor before making it a parameter");
        }
    }

    /** Checks the device and dtype, since a parameter that was moved or converted may have an older gradient. */
    private void checkDevice() {
        Device own = parameter.kind().device();
        boolean sameDevice =
                own.equals(Device.CPU) ? gradient.isCpu() : !gradient.isCpu() && own.equals(gradient.device());
        if (!sameDevice || parameter.kind().dtype().isComplex() != gradientDtype.isComplex()) {
            throw strange();
        }
    }

    /**
     * Checks that the gradient has the parameter's dtype, for algorithms that compute in that dtype.
     *
     * @throws IllegalStateException if it has another dtype
     */
    public void checkDtype() {
        if (gradientDtype != parameter.kind().dtype()) {
            throw strange();
        }
    }

    /**
     * Checks that the parameter is not complex.
     *
     * @param optimizer the name of the optimizer
     * @throws TorchException if it is complex
     */
    void checkReal(String optimizer) {
        if (parameter.kind().dtype().isComplex()) {
            throw new TorchException(optimizer + " does not support complex parameters: make " + name()
                    + " real, such as by viewAsReal() in the model");
        }
    }

    /** Returns the number of elements. */
    long numel() {
        return parameter.extent().numel();
    }

    /** Returns the distance from 1 to the next greater number of the parameter's dtype. */
    double epsOfDtype() {
        return switch (parameter.kind().dtype()) {
            case FLOAT64 -> 0x1p-52;
            case FLOAT32 -> 0x1p-23;
            case FLOAT16 -> 0x1p-10;
            case BFLOAT16 -> 0x1p-7;
            default ->
                throw new TorchException(
                        name() + " is of " + parameter.kind().dtype() + ", whose precision is not known");
        };
    }

    private IllegalStateException strange() {
        return new IllegalStateException(name(group, index) + " is of "
                + parameter.kind().dtype() + " on " + parameter.kind().device() + ", but its gradient of "
                + gradientDtype + " on " + gradient.device()
                + ": the parameter was converted or moved after the gradient was computed;"
                + " run zeroGrad() and backward() again");
    }

    /** Returns the dtype of the gradient. */
    DType gradientDtype() {
        return gradientDtype;
    }

    /** Returns the parameter in its present state. */
    Operand operand() {
        return parameter;
    }

    /** Returns the parameter. */
    public Tensor parameter() {
        return parameter.tensor();
    }

    /** Returns the gradient, as it is in the parameter. */
    public Tensor grad() {
        return gradient.tensor();
    }

    /** Returns the gradient without a tensor for it. */
    Gradient gradient() {
        return gradient;
    }

    /** Returns what the optimizer keeps for the parameter. */
    public State state() {
        return state;
    }

    /** Returns the name of the parameter in messages, such as {@code parameter 3 of group 0}. */
    public String name() {
        return name(group, index);
    }

    /** Returns the sizes and strides of the gradient. */
    Extent gradientExtent() {
        return gradientExtent;
    }

    /** Returns whether the gradient is a sparse COO tensor. Otherwise it has the parameter's layout. */
    public boolean isSparse() {
        return sparse;
    }

    /**
     * Checks that the tensors kept for the parameter still fit it.
     *
     * @param sameDtype whether they must have the parameter's dtype; otherwise they must only be complex if the parameter is
     * @throws IllegalStateException if one does not fit
     */
    void checkState(boolean sameDtype) {
        for (String key : state.elementwise()) {
            if (state.has(key)) {
                Operand operand = Operand.of(state.kept(key));
                checkState(key, operand, parameter.extent().sameSizes(operand.extent()), sameDtype);
                stateOperands.add(operand);
            }
        }
        state.shapes().forEach((key, shape) -> {
            Operand operand = Operand.of(state.kept(key));
            checkState(key, operand, Arrays.equals(shape, operand.tensor().shape()), sameDtype);
        });
    }

    /** Returns the parts of the state with one element for each element of the parameter, as {@link #checkState} found them. */
    List<Operand> stateOperands() {
        return stateOperands;
    }

    private void checkState(String key, Operand state, boolean sameSizes, boolean sameDtype) {
        if (!sameSizes) {
            throw new IllegalStateException(name(group, index) + " is of shape "
                    + parameter.extent().sizes() + ", but its " + key + " of shape "
                    + state.extent().sizes()
                    + ": the parameter was replaced by one of another shape after a step; create a new optimizer");
        }
        TensorKind own = parameter.kind();
        TensorKind kept = state.kind();
        boolean fits = own.dtype() == kept.dtype()
                || !sameDtype && own.dtype().isComplex() == kept.dtype().isComplex();
        if (!fits || !own.device().equals(kept.device())) {
            throw new IllegalStateException(name(group, index) + " is of " + own.dtype() + " on " + own.device()
                    + ", but its " + key + " of " + kept.dtype() + " on " + kept.device()
                    + ": the parameter was converted or moved after a step; call"
                    + " optimizer.loadStateDict(optimizer.stateDict()), which converts and moves the state too");
        }
    }
}
