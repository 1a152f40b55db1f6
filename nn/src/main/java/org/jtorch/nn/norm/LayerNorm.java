package org.jtorch.nn.norm;

import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.internal.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Layer;
import org.jtorch.nn.LayerOptions;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Resettable;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.init.Init;

/**
 * Layer normalisation: {@code (x - mean) / sqrt(var + eps) * weight + bias}, mean and variance over the last dimensions;
 * {@code (*, normalized_shape)} to the same.
 *
 * <p>Parameters: {@code weight} (normalized_shape), ones; {@code bias} (normalized_shape), zeros.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html">torch.nn.LayerNorm</a>
 * @see <a href="https://arxiv.org/abs/1607.06450">Layer normalization, Ba et al. 2016</a>
 */
public class LayerNorm extends Layer implements Resettable {

    /** The optional arguments of {@link LayerNorm}. */
    public static final class Options extends LayerOptions<Options> {
        private Number eps = 1e-5;
        private boolean elementwiseAffine = true;
        private boolean bias = true;

        /** What is added to the variance; default 1e-5. Shown as it is given. */
        public Options eps(Number newEps) {
            eps = newEps;
            return this;
        }

        /** Whether there are a weight and a bias; default true. */
        public Options elementwiseAffine(boolean newElementwiseAffine) {
            elementwiseAffine = newElementwiseAffine;
            return this;
        }

        /** Whether there is a bias beside the weight; default true. */
        public Options bias(boolean newBias) {
            bias = newBias;
            return this;
        }
    }

    private final long[] normalizedShape;

    private Number eps;

    private final boolean elementwiseAffine;

    /** (normalized_shape), or null. */
    public @Nullable Parameter weight;

    /** (normalized_shape), or null. */
    public @Nullable Parameter bias;

    /** Over the last dimension. */
    public LayerNorm(long normalizedShape) {
        this(new long[] {normalizedShape});
    }

    /** Over the last dimension, as {@code options} say. */
    public LayerNorm(long normalizedShape, Consumer<Options> options) {
        this(new long[] {normalizedShape}, options);
    }

    /** Over the last dimensions. */
    public LayerNorm(long[] normalizedShape) {
        this(normalizedShape, o -> {});
    }

    /**
     * Over the last dimensions, as {@code options} say.
     *
     * @param normalizedShape the last dimensions' sizes
     * @param options sets the optional arguments
     */
    public LayerNorm(long[] normalizedShape, Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        this.normalizedShape = normalizedShape.clone();
        eps = o.eps;
        elementwiseAffine = o.elementwiseAffine;
        if (elementwiseAffine) {
            TensorOptions made = o.tensorOptions();
            weight = new Parameter(Torch.empty(normalizedShape, made));
            bias = o.bias ? new Parameter(Torch.empty(normalizedShape, made)) : null;
        }
        resetParameters();
    }

    /** Sets the weight to ones and the bias to zeros. */
    @Override
    public final void resetParameters() {
        if (weight != null) {
            Init.ones_(weight);
        }
        if (bias != null) {
            Init.zeros_(bias);
        }
    }

    /** The last dimensions' sizes; a copy. */
    public final long[] normalizedShape() {
        return normalizedShape.clone();
    }

    /** What is added to the variance. */
    public final double eps() {
        return eps.doubleValue();
    }

    /** Sets {@link #eps()}; it is shown as it is given. */
    public final void eps(Number newEps) {
        eps = Objects.requireNonNull(newEps, "eps");
    }

    /** Whether it was made with a weight and a bias. */
    public final boolean elementwiseAffine() {
        return elementwiseAffine;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.layerNorm(x, normalizedShape, weight, bias, eps.doubleValue());
    }

    @Override
    protected String extraRepr() {
        return PythonText.tuple(normalizedShape) + ", eps=" + PythonText.number(eps) + ", elementwise_affine="
                + PythonText.of(elementwiseAffine) + ", bias=" + PythonText.of(bias != null);
    }
}
