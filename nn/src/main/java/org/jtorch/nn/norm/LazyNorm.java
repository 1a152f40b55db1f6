package org.jtorch.nn.norm;

import org.jtorch.Tensor;
import org.jtorch.nn.LazyModuleMixin;

/** The interface of lazy batch and instance normalizations, whose first input determines the number of its channels. */
interface LazyNorm extends LazyModuleMixin<Tensor> {
    @Override
    default void initializeParameters(Tensor input) {
        ((NormBase) this).initialize(input);
    }
}
