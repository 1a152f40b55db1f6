package org.jtorch.nn.linear;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.LayerOptions;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Resettable;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.init.Init;

/**
 * A bilinear map: {@code y_k = x1^T W_k x2 + b_k}, {@code (*, in1_features)} and {@code (*, in2_features)} to
 * {@code (*, out_features)}.
 *
 * <p>Parameters: {@code weight} (out_features, in1_features, in2_features), {@code bias} (out_features). Both are initialized
 * uniformly on {@code [-1/sqrt(in1_features), 1/sqrt(in1_features))}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Bilinear.html">torch.nn.Bilinear</a>
 */
public class Bilinear extends Module<Bilinear.Input, Tensor> implements Resettable {

    /** The input of a bilinear map: two tensors that agree in all dimensions except the last. */
    public record Input(Tensor input1, Tensor input2) {}

    /** The optional arguments of {@link Bilinear}. */
    public static final class Options extends LayerOptions<Options> {
        private boolean bias = true;

        /** Sets whether there is a bias; the default is {@code true}. */
        public Options bias(boolean newBias) {
            bias = newBias;
            return this;
        }
    }

    private final long in1Features;

    private final long in2Features;

    private final long outFeatures;

    /** The weight, (out_features, in1_features, in2_features). */
    public Parameter weight;

    /** The bias, (out_features), or null if there is none. */
    public @Nullable Parameter bias;

    /** Creates a bilinear map with a bias. */
    public Bilinear(long in1Features, long in2Features, long outFeatures) {
        this(in1Features, in2Features, outFeatures, o -> {});
    }

    /**
     * Creates a bilinear map.
     *
     * @param in1Features the size of the first input's last dimension
     * @param in2Features the size of the second input's last dimension
     * @param outFeatures the size of the output's last dimension
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if {@code in1Features} is not positive
     */
    public Bilinear(long in1Features, long in2Features, long outFeatures, Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        if (in1Features <= 0) {
            throw new IllegalArgumentException("in1_features must be > 0, but got (in1_features=" + in1Features + ")");
        }
        this.in1Features = in1Features;
        this.in2Features = in2Features;
        this.outFeatures = outFeatures;
        TensorOptions made = o.tensorOptions();
        weight = new Parameter(Torch.empty(new long[] {outFeatures, in1Features, in2Features}, made));
        bias = o.bias ? new Parameter(Torch.empty(new long[] {outFeatures}, made)) : null;
        resetParameters();
    }

    /** Draws new initial values for the parameters. */
    @Override
    public final void resetParameters() {
        double bound = 1 / Math.sqrt(in1Features);
        Init.uniform_(weight, -bound, bound);
        if (bias != null) {
            Init.uniform_(bias, -bound, bound);
        }
    }

    /** Returns the map of two tensors; see {@link #call(Object)}. */
    public final Tensor call(Tensor input1, Tensor input2) {
        return call(new Input(input1, input2));
    }

    /** Returns the size of the first input's last dimension. */
    public final long in1Features() {
        return in1Features;
    }

    /** Returns the size of the second input's last dimension. */
    public final long in2Features() {
        return in2Features;
    }

    /** Returns the size of the output's last dimension. */
    public final long outFeatures() {
        return outFeatures;
    }

    @Override
    protected Tensor forward(Input in) {
        return F.bilinear(in.input1(), in.input2(), weight, bias);
    }

    @Override
    protected String extraRepr() {
        return "in1_features=" + in1Features + ", in2_features=" + in2Features + ", out_features=" + outFeatures
                + ", bias=" + PythonText.of(bias != null);
    }
}
