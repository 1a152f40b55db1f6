package org.jtorch.nn.conv;

import org.jtorch.Tensor;
import org.jtorch.nn.LazyModuleMixin;

/** The interface of lazy convolutions, whose first input determines the number of its channels. */
interface LazyConv extends LazyModuleMixin<Tensor> {

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if {@code groups} does not divide the number of channels
     */
    @Override
    default void initializeParameters(Tensor input) {
        ((ConvBase) this).initialize(input);
    }
}
