package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.F;

/**
 * Squared error: {@code (x - y)^2}, input and target of any and the same shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.MSELoss.html">torch.nn.MSELoss</a>
 */
public class MSELoss extends Loss {

    /** The optional arguments of {@link MSELoss}. */
    public static final class Options extends Loss.Options<Options> {
        @Override
        Options self() {
            return this;
        }

        private static Options of(Consumer<Options> setter) {
            Options o = new Options();
            setter.accept(o);
            return o;
        }
    }

    /** The mean. */
    public MSELoss() {
        this(o -> {});
    }

    /** As {@code options} say. */
    public MSELoss(Consumer<Options> options) {
        super(Options.of(options));
    }

    @Override
    protected Tensor forward(Input in) {
        return F.mseLoss(in.input(), in.target(), reduction);
    }
}
