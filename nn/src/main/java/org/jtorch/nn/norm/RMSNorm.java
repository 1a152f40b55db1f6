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
 * Normalization by the root of the mean square: {@code x / sqrt(mean(x^2) + eps) * weight}, with the mean over the last
 * dimensions; {@code (*, normalized_shape)} to the same shape.
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

        /**
         * Sets the number added to the mean square. The default is null, which stands for the machine epsilon of the input's
         * dtype.
         */
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

    /** The weight, (normalized_shape), or null if there is none. */
    public @Nullable Parameter weight;

    /** Creates a normalization over the last dimensions. */
    public RMSNorm(long... normalizedShape) {
        this(normalizedShape, o -> {});
    }

    /** Creates a normalization over the last dimension with the options that {@code options} sets. */
    public RMSNorm(long normalizedShape, Consumer<Options> options) {
        this(new long[] {normalizedShape}, options);
    }

    /**
     * Creates a normalization over the last dimensions with the options that {@code options} sets.
     *
     * @param normalizedShape the sizes of the last dimensions
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

    /** Returns a copy of the sizes of the last dimensions. */
    public final long[] normalizedShape() {
        return normalizedShape.clone();
    }

    /** Returns the number added to the mean square; null for the machine epsilon of the input's dtype. */
    public final @Nullable Double eps() {
        return eps == null ? null : eps.doubleValue();
    }

    /** Sets {@link #eps()}; {@link #toString} shows it as given. */
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
