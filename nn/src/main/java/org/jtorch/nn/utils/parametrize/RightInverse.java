package org.jtorch.nn.utils.parametrize;

import org.jtorch.Tensor;

/**
 * A parametrization whose value can be set: it finds the tensors from which to compute the value.
 * {@code forward(rightInverse(x))} is {@code x}, or the nearest value that the parametrization can have.
 *
 * @param <I> the input of its forward: a tensor, or a list of tensors if it takes several
 */
@FunctionalInterface
public interface RightInverse<I> {

    /**
     * Returns the input from which the parametrization computes {@code value}. It is called with autograd off.
     *
     * @throws UnsupportedOperationException if there is no such input; a registration then uses {@code value} itself
     */
    I rightInverse(Tensor value);
}
