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
 * {@code max(0, x) + weight * min(0, x)} with a learned slope, one for all elements or one for each channel:
 * {@code (N, C, *)} to the same.
 *
 * <p>Parameter: {@code weight} (num_parameters), {@code init}, 0.25 by default.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.PReLU.html">torch.nn.PReLU</a>
 * @see <a href="https://arxiv.org/abs/1502.01852">Delving deep into rectifiers, He et al. 2015</a>
 */
public class PReLU extends Layer implements Resettable {

    /** The optional arguments of {@link PReLU}. */
    public static final class Options extends LayerOptions<Options> {
        private long numParameters = 1;
        private double init = 0.25;

        /** Sets how many slopes: one for all elements, or as many as there are channels; the default is 1. */
        public Options numParameters(long newNumParameters) {
            numParameters = newNumParameters;
            return this;
        }

        /** Sets the slopes at first; the default is 0.25. */
        public Options init(double newInit) {
            init = newInit;
            return this;
        }
    }

    private final long numParameters;
    private double init;

    /** (num_parameters). */
    public Parameter weight;

    /** With one slope, 0.25. */
    public PReLU() {
        this(o -> {});
    }

    /** With so many slopes, one or as many as there are channels, 0.25 at first. */
    public PReLU(long numParameters) {
        this(o -> o.numParameters(numParameters));
    }

    /** Creates one with the options that {@code options} sets. */
    public PReLU(Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        numParameters = o.numParameters;
        init = o.init;
        weight = new Parameter(Torch.empty(new long[] {numParameters}, o.tensorOptions()));
        resetParameters();
    }

    /** Sets the slopes as they were at first. */
    @Override
    public final void resetParameters() {
        Init.constant_(weight, init);
    }

    /** Returns how many slopes there are. */
    public final long numParameters() {
        return numParameters;
    }

    /** Returns the slopes at first, and after {@link #resetParameters}. */
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
