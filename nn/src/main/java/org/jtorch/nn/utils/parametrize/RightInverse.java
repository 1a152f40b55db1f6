package org.jtorch.nn.utils.parametrize;

import org.jtorch.Tensor;

/**
 * A parametrization that can be given a value: it finds what to compute it from. {@code forward(rightInverse(x))} is {@code x},
 * or the nearest that the parametrization can give.
 *
 * @param <I> what its forward takes: a tensor, or a list of tensors where it is computed from several
 */
@FunctionalInterface
public interface RightInverse<I> {

    /**
     * Returns what the parametrization computes {@code value} from. Called without gradients.
     *
     * @throws UnsupportedOperationException if there is no such thing; a registration then takes {@code value} itself
     */
    I rightInverse(Tensor value);
}
