package org.jtorch.nn.activation;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.Layer;
import org.jtorch.nn.LayerOptions;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Resettable;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.init.Init;

/**
 * {@code max(0, x) + weight * min(0, x)} with a learned slope, one for all elements or one for each channel: {@code (N, C, *)}
 * to the same shape.
 *
 * <p>Parameter: {@code weight} (num_parameters), initialized with {@code init}, which is 0.25 by default.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.PReLU.html">torch.nn.PReLU</a>
 * @see <a href="https://arxiv.org/abs/1502.01852">Delving deep into rectifiers, He et al. 2015</a>
 */
public class PReLU extends Layer implements Resettable {

    /** The optional arguments of {@link PReLU}. */
    public static final class Options extends LayerOptions<Options> {
        private long numParameters = 1;
        private double init = 0.25;

        /** Sets the number of slopes: one for all elements, or the number of channels; the default is 1. */
        public Options numParameters(long newNumParameters) {
            numParameters = newNumParameters;
            return this;
        }

        /** Sets the initial value of the slopes; the default is 0.25. */
        public Options init(double newInit) {
            init = newInit;
            return this;
        }
    }

    private final long numParameters;
    private double init;

    /** The slopes, (num_parameters). */
    public Parameter weight;

    /** Creates the activation with one slope that is initially 0.25. */
    public PReLU() {
        this(o -> {});
    }

    /** Creates the activation with the given number of slopes, one or the number of channels. They are initially 0.25. */
    public PReLU(long numParameters) {
        this(o -> o.numParameters(numParameters));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public PReLU(Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        numParameters = o.numParameters;
        init = o.init;
        weight = new Parameter(Torch.empty(new long[] {numParameters}, o.tensorOptions()));
        resetParameters();
    }

    /** Sets the slopes to their initial value. */
    @Override
    public final void resetParameters() {
        Init.constant_(weight, init);
    }

    /** Returns the number of slopes. */
    public final long numParameters() {
        return numParameters;
    }

    /** Returns the initial value of the slopes, which {@link #resetParameters} uses too. */
    public final double init() {
        return init;
    }

    /** Sets {@link #init()}. */
    public final void init(double newInit) {
        init = newInit;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.prelu(x, weight);
    }

    @Override
    protected String extraRepr() {
        return "num_parameters=" + numParameters;
    }
}
