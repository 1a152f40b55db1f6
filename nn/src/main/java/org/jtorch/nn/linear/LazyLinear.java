package org.jtorch.nn.linear;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.LazyModuleMixin;
import org.jtorch.nn.UninitializedTensor;

/**
 * A {@link Linear} whose {@code in_features} is the size of the last dimension of its first input: {@code (*, in_features)} to
 * {@code (*, out_features)}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.LazyLinear.html">torch.nn.LazyLinear</a>
 */
public class LazyLinear extends Linear implements LazyModuleMixin<Tensor> {

    /** Creates a lazy affine map with a bias. */
    public LazyLinear(long outFeatures) {
        this(outFeatures, o -> {});
    }

    /**
     * Creates a lazy affine map.
     *
     * @param outFeatures the size of the output's last dimension
     * @param options sets the optional arguments
     */
    public LazyLinear(long outFeatures, Consumer<Options> options) {
        super(outFeatures, Customized.of(new Options(), options));
    }

    /** {@inheritDoc} It has no effect while the shapes are not known. */
    @Override
    public void resetParameters() {
        if (!hasUninitializedParams() && inFeatures != 0) {
            super.resetParameters();
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the weight was loaded and does not fit {@code x}
     */
    @Override
    public void initializeParameters(Tensor x) {
        long size = x.size(-1);
        if (hasUninitializedParams()) {
            inFeatures = size;
            ((UninitializedTensor) weight).materialize(outFeatures, inFeatures);
            if (bias != null) {
                ((UninitializedTensor) bias).materialize(outFeatures);
            }
            resetParameters();
        }
        if (inFeatures == 0) {
            if (size != weight.size(-1)) {
                throw new IllegalArgumentException("The in_features inferred from input: " + size
                        + " is not equal to in_features from self.weight: " + weight.size(-1));
            }
            inFeatures = size;
        }
    }

    @Override
    public Class<?> clsToBecome() {
        return Linear.class;
    }
}
