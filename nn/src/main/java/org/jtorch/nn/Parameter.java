package org.jtorch.nn;

import org.jtorch.StandIn;
import org.jtorch.Tensor;

/**
 * A tensor that a module learns: a field of this type is part of {@link Module#parameters()} and of the state dict.
 *
 * <p>The object is the parameter's identity: moving or converting a module replaces what it holds and keeps the object, so
 * that an optimizer made before stays right. It belongs to no {@code TensorScope}.
 */
public class Parameter extends Tensor {

    /** A parameter over {@code data}'s memory that requires grad. */
    public Parameter(Tensor data) {
        this(data, true);
    }

    /**
     * A parameter over {@code data}'s memory.
     *
     * @param data the values, shared and not copied; its graph, if any, is left behind
     * @param requiresGrad whether autograd records what is computed from it
     */
    public Parameter(Tensor data, boolean requiresGrad) {
        super(data, requiresGrad);
    }

    /** One that holds nothing itself. */
    Parameter(StandIn standIn) {
        super(standIn);
    }

    /** {@code tensor} itself where it is a parameter, else a parameter over its memory. */
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
