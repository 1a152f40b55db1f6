package org.jtorch.nn;

import org.jtorch.StandIn;
import org.jtorch.Tensor;

/**
 * A tensor that a module learns. A field of this type is part of {@link Module#parameters()} and of the state dict.
 *
 * <p>The object is the parameter's identity: moving or converting a module replaces what the parameter holds and keeps the
 * object, so an optimizer made earlier remains valid. A parameter belongs to no {@code TensorScope}.
 */
public class Parameter extends Tensor {

    /** Creates a parameter over the memory of {@code data} that requires grad. */
    public Parameter(Tensor data) {
        this(data, true);
    }

    /**
     * Creates a parameter over the memory of {@code data}.
     *
     * @param data the values, which are shared and not copied; the parameter is detached from their graph
     * @param requiresGrad whether autograd records operations on the parameter
     */
    public Parameter(Tensor data, boolean requiresGrad) {
        super(data, requiresGrad);
    }

    /** Creates a parameter that holds nothing itself. */
    Parameter(StandIn standIn) {
        super(standIn);
    }

    /** Returns {@code tensor} itself if it is a parameter, otherwise a parameter over its memory. */
    static Parameter of(Tensor tensor) {
        return tensor instanceof Parameter parameter ? parameter : new Parameter(tensor);
    }

    @Override
    public Parameter requiresGrad_(boolean requiresGrad) {
        super.requiresGrad_(requiresGrad);
        return this;
    }

    @Override
    public String toString() {
        return "Parameter containing:\n" + super.toString();
    }
}
