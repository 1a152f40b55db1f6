package org.jtorch.nn.norm;

import org.jtorch.Tensor;
import org.jtorch.nn.LazyModuleMixin;

/** What lazy batch and instance normalisations share: the first input tells the number of its channels. */
interface LazyNorm extends LazyModuleMixin<Tensor> {
    @Override
    default void initializeParameters(Tensor input) {
        ((NormBase) this).initialize(input);
    }
}
