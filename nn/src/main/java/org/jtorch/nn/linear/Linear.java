package org.jtorch.nn.linear;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Layer;
import org.jtorch.nn.LayerOptions;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Resettable;
import org.jtorch.nn.UninitializedParameter;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.init.Init;

/**
 * An affine map: {@code y = x W^T + b}, {@code (*, in_features)} to {@code (*, out_features)}.
 *
 * <p>Parameters: {@code weight} (out_features, in_features), {@code bias} (out_features). Both are initialized uniformly on
 * {@code [-1/sqrt(in_features), 1/sqrt(in_features))}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Linear.html">torch.nn.Linear</a>
 */
public class Linear extends Layer implements Resettable {

    /** The optional arguments of {@link Linear}. */
    public static final class Options extends LayerOptions<Options> {
        private boolean bias = true;

        /** Sets whether there is a bias; the default is {@code true}. */
        public Options bias(boolean newBias) {
            bias = newBias;
            return this;
        }
    }

    long inFeatures;

    long outFeatures;

    /** The weight, (out_features, in_features). */
    public Parameter weight;

    /** The bias, (out_features), or null if there is none. */
    public @Nullable Parameter bias;

    /** Creates an affine map with a bias. */
    public Linear(long inFeatures, long outFeatures) {
        this(inFeatures, outFeatures, o -> {});
    }

    /**
     * Creates an affine map.
     *
     * @param inFeatures the size of the input's last dimension
     * @param outFeatures the size of the output's last dimension
     * @param options sets the optional arguments
     */
    public Linear(long inFeatures, long outFeatures, Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        this.inFeatures = inFeatures;
        this.outFeatures = outFeatures;
        TensorOptions made = o.tensorOptions();
        weight = new Parameter(Torch.empty(new long[] {outFeatures, inFeatures}, made));
        bias = o.bias ? new Parameter(Torch.empty(new long[] {outFeatures}, made)) : null;
        resetParameters();
    }

    /** Creates a {@link LazyLinear}, which waits for its first input and draws no values. */
    Linear(long outFeatures, Options o) {
        this.outFeatures = outFeatures;
        TensorOptions made = o.tensorOptions();
        weight = new UninitializedParameter(made);
        bias = o.bias ? new UninitializedParameter(made) : null;
    }

    /** Draws new initial values for the parameters. */
    @Override
    public void resetParameters() {
        Init.kaimingUniform_(weight, Math.sqrt(5));
        if (bias != null) {
            double bound = inFeatures > 0 ? 1 / Math.sqrt(inFeatures) : 0;
            Init.uniform_(bias, -bound, bound);
        }
    }

    /** Returns the size of the input's last dimension, or 0 for a lazy layer before its first call. */
    public final long inFeatures() {
        return inFeatures;
    }

    /** Sets {@link #inFeatures()}, for a weight that is replaced by one of another shape. The weight is not changed. */
    public final void inFeatures(long newInFeatures) {
        inFeatures = newInFeatures;
    }

    /** Returns the size of the output's last dimension. */
    public final long outFeatures() {
        return outFeatures;
    }

    /** Sets {@link #outFeatures()}, for a weight that is replaced by one of another shape. The weight is not changed. */
    public final void outFeatures(long newOutFeatures) {
        outFeatures = newOutFeatures;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.linear(x, weight, bias);
    }

    @Override
    protected String extraRepr() {
        return "in_features=" + inFeatures + ", out_features=" + outFeatures + ", bias=" + PythonText.of(bias != null);
    }
}
