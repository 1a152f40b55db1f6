package org.jtorch.nn.norm;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.LayerOptions;
import org.jtorch.nn.functional.F;

/**
 * Layer normalization: {@code (x - mean) / sqrt(var + eps) * weight + bias}, with mean and variance over the last dimensions;
 * {@code (*, normalized_shape)} to the same shape.
 *
 * <p>Parameters: {@code weight} (normalized_shape), ones; {@code bias} (normalized_shape), zeros.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html">torch.nn.LayerNorm</a>
 * @see <a href="https://arxiv.org/abs/1607.06450">Layer normalization, Ba et al. 2016</a>
 */
public class LayerNorm extends AffineNorm {

    /** The optional arguments of {@link LayerNorm}. */
    public static final class Options extends LayerOptions<Options> {
        private Number eps = 1e-5;
        private boolean elementwiseAffine = true;
        private boolean bias = true;

        /** Sets the number added to the variance; the default is 1e-5. {@link #toString} of the layer shows it as given. */
        public Options eps(Number newEps) {
            eps = newEps;
            return this;
        }

        /** Sets whether there are a weight and a bias; the default is {@code true}. */
        public Options elementwiseAffine(boolean newElementwiseAffine) {
            elementwiseAffine = newElementwiseAffine;
            return this;
        }

        /** Sets whether there is a bias in addition to the weight; the default is {@code true}. */
        public Options bias(boolean newBias) {
            bias = newBias;
            return this;
        }
    }

    private final long[] normalizedShape;

    /** Creates a normalization over the last dimension. */
    public LayerNorm(long normalizedShape) {
        this(new long[] {normalizedShape});
    }

    /** Creates a normalization over the last dimension with the options that {@code options} sets. */
    public LayerNorm(long normalizedShape, Consumer<Options> options) {
        this(new long[] {normalizedShape}, options);
    }

    /** Creates a normalization over the last dimensions. */
    public LayerNorm(long[] normalizedShape) {
        this(normalizedShape, o -> {});
    }

    /**
     * Creates a normalization over the last dimensions with the options that {@code options} sets.
     *
     * @param normalizedShape the sizes of the last dimensions
     * @param options sets the optional arguments
     */
    public LayerNorm(long[] normalizedShape, Consumer<Options> options) {
        this(normalizedShape.clone(), Customized.of(new Options(), options));
    }

    private LayerNorm(long[] normalizedShape, Options o) {
        super(normalizedShape, o.eps, o.elementwiseAffine, o.bias, o.tensorOptions());
        this.normalizedShape = normalizedShape;
    }

    /** Returns a copy of the sizes of the last dimensions. */
    public final long[] normalizedShape() {
        return normalizedShape.clone();
    }

    /** Returns whether the layer was created with a weight and a bias. */
    public final boolean elementwiseAffine() {
        return isAffine();
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.layerNorm(x, normalizedShape, weight, bias, eps());
    }

    @Override
    protected String extraRepr() {
        return PythonText.tuple(normalizedShape) + sharedArguments("elementwise_affine");
    }
}
