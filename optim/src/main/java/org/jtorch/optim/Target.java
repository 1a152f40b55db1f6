package org.jtorch.optim;

import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.internal.Extent;
import org.jtorch.internal.TensorKind;

/**
 * A parameter that a step will change, with its gradient. Parameters and gradients that no kernel accepts are refused here,
 * before the step has changed anything.
 */
final class Target {

    private final int group;
    private final int index;
    private final Operand parameter;
    private final Tensor gradient;
    private final DType gradientDtype;
    private final boolean sparse;
    private final Extent gradientExtent;

    private Target(int group, int index, Operand parameter, Tensor gradient) {
        this.group = group;
        this.index = index;
        this.parameter = parameter;
        this.gradient = gradient;
        this.gradientDtype = gradient.dtype();
        this.sparse = TensorKind.isSparse(gradient);
        this.gradientExtent = Extent.of(gradient, !sparse && parameter.kind().layout() == Layout.STRIDED);
    }

    /**
     * Returns the present state of parameter {@code index} of group {@code group}, or null if it has no gradient.
     *
     * @throws TorchException if the parameter cannot be written to
     * @throws IllegalStateException if the gradient does not fit the parameter, or does not fit it any more
     */
    static @Nullable Target of(int group, int index, Kept kept) {
        Tensor gradient = kept.tensor().grad();
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
        Target target = new Target(group, index, Operand.of(kept), gradient);
        target.checkSizes();
        target.checkDevice();
        return target;
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

    /** Checks that the gradient has the parameter's dtype, for algorithms that compute in that dtype. */
    void checkDtype() {
        if (gradientDtype != parameter.kind().dtype()) {
            throw strange();
        }
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

    /** Returns the parameter itself, by which its state is found. */
    Tensor parameter() {
        return parameter.tensor();
    }

    Tensor gradient() {
        return gradient;
    }

    /** Returns the sizes and strides of the gradient. */
    Extent gradientExtent() {
        return gradientExtent;
    }

    /** Returns whether the gradient is a sparse COO tensor. Otherwise it has the parameter's layout. */
    boolean isSparse() {
        return sparse;
    }

    /**
     * Checks that a tensor kept for the parameter, element by element, still fits it.
     *
     * @param key the name of the tensor in the optimizer's state
     * @param state the tensor
     * @param sameDtype whether it must have the parameter's dtype; otherwise it must only be complex if the parameter is
     */
    void checkState(String key, Operand state, boolean sameDtype) {
        if (!parameter.extent().sameSizes(state.extent())) {
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
