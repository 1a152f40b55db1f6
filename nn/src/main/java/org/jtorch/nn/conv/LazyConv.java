package org.jtorch.nn.conv;

import org.jtorch.Tensor;
import org.jtorch.nn.LazyModuleMixin;

/** What lazy convolutions share: the first input tells the number of its channels. */
interface LazyConv extends LazyModuleMixin<Tensor> {

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if {@code groups} does not divide the channels
     */
    @Override
    default void initializeParameters(Tensor input) {
        ((ConvBase) this).initialize(input);
    }
}
