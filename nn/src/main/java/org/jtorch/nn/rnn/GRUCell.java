package org.jtorch.nn.rnn;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;

/**
 * One step of a {@link GRU}: {@code (N, input_size)} and {@code (N, hidden_size)} to {@code (N, hidden_size)}. The dimension N
 * may be absent.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.GRUCell.html">torch.nn.GRUCell</a>
 */
public class GRUCell extends HiddenCell {

    /** Creates a layer with the default options. */
    public GRUCell(long inputSize, long hiddenSize) {
        this(inputSize, hiddenSize, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param inputSize the size of the input
     * @param hiddenSize the size of the state
     * @param options sets the optional arguments
     */
    public GRUCell(long inputSize, long hiddenSize, Consumer<PlainOptions> options) {
        this(inputSize, hiddenSize, options(options));
    }

    private static PlainOptions options(Consumer<PlainOptions> setter) {
        PlainOptions o = Customized.of(new PlainOptions(), setter);
        return o;
    }

    private GRUCell(long inputSize, long hiddenSize, PlainOptions o) {
        super(inputSize, hiddenSize, 3, o);
    }

    @Override
    final Tensor step(Tensor x, Tensor hx) {
        return x.gruCell(hx, weightIh, weightHh, biasIh, biasHh);
    }
}
