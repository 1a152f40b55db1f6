package org.jtorch.nn.rnn;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;

/**
 * One step of an {@link LSTM}: {@code (N, input_size)} and a state of two tensors {@code (N, hidden_size)} to the next state.
 * The dimension N may be absent.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.LSTMCell.html">torch.nn.LSTMCell</a>
 */
public class LSTMCell extends RNNCellBase<LSTMCell.Input, LSTM.State> {

    /**
     * The input of the cell.
     *
     * @param input (N, input_size) or (input_size)
     * @param hx the state, two tensors (N, hidden_size) or (hidden_size); null for zeros
     */
    public record Input(Tensor input, LSTM.@Nullable State hx) {}

    /** Creates a layer with the default options. */
    public LSTMCell(long inputSize, long hiddenSize) {
        this(inputSize, hiddenSize, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param inputSize the size of the input
     * @param hiddenSize the size of the state
     * @param options sets the optional arguments
     */
    public LSTMCell(long inputSize, long hiddenSize, Consumer<PlainOptions> options) {
        this(inputSize, hiddenSize, options(options));
    }

    private static PlainOptions options(Consumer<PlainOptions> setter) {
        PlainOptions o = Customized.of(new PlainOptions(), setter);
        return o;
    }

    private LSTMCell(long inputSize, long hiddenSize, PlainOptions o) {
        super(inputSize, hiddenSize, 4, o);
    }

    /** Runs one step from a state of zeros; see {@link #call(Object)}. */
    public final LSTM.State call(Tensor input) {
        return call(new Input(input, null));
    }

    /** Runs one step from the given state; see {@link #call(Object)}. */
    public final LSTM.State call(Tensor input, LSTM.@Nullable State hx) {
        return call(new Input(input, hx));
    }

    @Override
    protected LSTM.State forward(Input in) {
        checkDims("input", in.input());
        LSTM.State given = in.hx();
        if (given != null) {
            checkDims("hx[0]", given.h());
            checkDims("hx[1]", given.c());
        }
        boolean batched = in.input().dim() == 2;
        Tensor x = batched ? in.input() : in.input().unsqueeze(0);
        Tensor h = state(x, batched, given == null ? null : given.h());
        Tensor c = state(x, batched, given == null ? null : given.c());
        List<Tensor> next = x.lstmCell(List.of(h, c), weightIh, weightHh, biasIh, biasHh);
        return batched
                ? new LSTM.State(next.get(0), next.get(1))
                : new LSTM.State(next.get(0).squeeze(0), next.get(1).squeeze(0));
    }
}
