package org.jtorch.nn.norm;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Layer;
import org.jtorch.nn.LayerOptions;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Resettable;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.init.Init;

/**
 * Normalisation by the root of the mean square: {@code x / sqrt(mean(x^2) + eps) * weight}, the mean over the last
 * dimensions; {@code (*, normalized_shape)} to the same.
 *
 * <p>Parameter: {@code weight} (normalized_shape), ones.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.RMSNorm.html">torch.nn.RMSNorm</a>
 * @see <a href="https://arxiv.org/abs/1910.07467">Root mean square layer normalization, Zhang and Sennrich 2019</a>
 */
public class RMSNorm extends Layer implements Resettable {

    /** The optional arguments of {@link RMSNorm}. */
    public static final class Options extends LayerOptions<Options> {
        private @Nullable Number eps;
        private boolean elementwiseAffine = true;

        /** Sets what is added to the mean square; null, the default: the least step of the input's dtype above 1. */
        public Options eps(@Nullable Number newEps) {
            eps = newEps;
            return this;
        }

        /** Sets whether there is a weight; the default is {@code true}. */
        public Options elementwiseAffine(boolean newElementwiseAffine) {
            elementwiseAffine = newElementwiseAffine;
            return this;
        }
    }

    private final long[] normalizedShape;
    private @Nullable Number eps;
    private final boolean elementwiseAffine;

    /** (normalized_shape), or null. */
    public @Nullable Parameter weight;

    /** Over the last dimensions. */
    public RMSNorm(long... normalizedShape) {
        this(normalizedShape, o -> {});
    }

    /** Over the last dimension, as {@code options} say. */
    public RMSNorm(long normalizedShape, Consumer<Options> options) {
        this(new long[] {normalizedShape}, options);
    }

    /**
     * Over the last dimensions, as {@code options} say.
     *
     * @param normalizedShape the last dimensions' sizes
     * @param options sets the optional arguments
     */
    public RMSNorm(long[] normalizedShape, Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        this.normalizedShape = normalizedShape.clone();
        eps = o.eps;
        elementwiseAffine = o.elementwiseAffine;
        weight = o.elementwiseAffine ? new Parameter(Torch.empty(normalizedShape, o.tensorOptions())) : null;
        resetParameters();
    }

    /** Sets the weight to ones. */
    @Override
    public final void resetParameters() {
        if (weight != null) {
            Init.ones_(weight);
        }
    }

    /** Returns the last dimensions' sizes; a copy. */
    public final long[] normalizedShape() {
        return normalizedShape.clone();
    }

    /** Returns what is added to the mean square; null: the least step of the input's dtype above 1. */
    public final @Nullable Double eps() {
        return eps == null ? null : eps.doubleValue();
    }

    /** Sets {@link #eps()}; it is shown as it is given. */
    public final void eps(@Nullable Number newEps) {
        eps = newEps;
    }

    /** Returns whether it was made with a weight. */
    public final boolean elementwiseAffine() {
        return elementwiseAffine;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.rmsNorm(x, normalizedShape, weight, eps == null ? null : eps.doubleValue());
    }

    @Override
    protected String extraRepr() {
        return PythonText.tuple(normalizedShape) + ", eps=" + PythonText.number(eps) + ", elementwise_affine="
                + PythonText.of(elementwiseAffine);
    }
}
