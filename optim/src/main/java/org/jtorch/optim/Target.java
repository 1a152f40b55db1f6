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
 * A parameter that a step is to change, with its gradient. What no kernel could do is refused here, before the step has
 * changed anything.
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
     * The parameter {@code index} of group {@code group} as it is now; null if it has no gradient.
     *
     * @throws TorchException if the parameter cannot be written to
     * @throws IllegalStateException if the gradient is not, or no longer, the parameter's
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
                    + " is a lazy conjugate, which cannot be changed in place: resolveConj() it first");
        }
        Target target = new Target(group, index, Operand.of(kept), gradient);
        target.checkSizes();
        target.checkDevice();
        return target;
    }

    /** What errors call a parameter. */
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

    /** A parameter that was moved or converted after a backward may have a gradient of before. */
    private void checkDevice() {
        Device own = parameter.kind().device();
        boolean sameDevice =
                own.equals(Device.CPU) ? gradient.isCpu() : !gradient.isCpu() && own.equals(gradient.device());
        if (!sameDevice || parameter.kind().dtype().isComplex() != gradientDtype.isComplex()) {
            throw strange();
        }
    }

    /** Checks that the gradient is of the parameter's dtype, for those who compute with it in the parameter's. */
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

    /** The gradient's dtype. */
    DType gradientDtype() {
        return gradientDtype;
    }

    /** The parameter as it is now. */
    Operand operand() {
        return parameter;
    }

    /** The parameter itself, by which its state is found. */
    Tensor parameter() {
        return parameter.tensor();
    }

    Tensor gradient() {
        return gradient;
    }

    /** The gradient's sizes and strides. */
    Extent gradientExtent() {
        return gradientExtent;
    }

    /** Whether the gradient is a sparse COO tensor; else it has the parameter's layout. */
    boolean isSparse() {
        return sparse;
    }

    /**
     * Checks that something kept for the parameter, element by element, still fits it.
     *
     * @param key what it is called in the optimizer's state
     * @param state what is kept
     * @param sameDtype whether it must be of the parameter's dtype, or else only complex if that is
     */
    void checkState(String key, Operand state, boolean sameDtype) {
        if (!parameter.extent().sameSizes(state.extent())) {
            throw new IllegalStateException(name(group, index) + " is of shape "
                    + parameter.extent().sizes() + ", but its " + key + " of shape "
                    + state.extent().sizes()
                    + ": the parameter was replaced by one of another shape after a step; make a new optimizer");
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
