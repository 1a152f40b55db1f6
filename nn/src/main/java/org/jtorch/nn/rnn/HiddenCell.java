package org.jtorch.nn.rnn;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/** The base class of cells whose state is one tensor, {@link RNNCell} and {@link GRUCell}. They return the next state. */
public abstract class HiddenCell extends RNNCellBase<HiddenCell.Input, Tensor> {

    /**
     * The input of such a cell.
     *
     * @param input (N, input_size) or (input_size)
     * @param hx the state, (N, hidden_size) or (hidden_size); null for zeros
     */
    public record Input(Tensor input, @Nullable Tensor hx) {}

    HiddenCell(long inputSize, long hiddenSize, int gates, CellOptions<?> o) {
        super(inputSize, hiddenSize, gates, o);
    }

    /** Runs one step from a state of zeros; see {@link #call(Object)}. */
    public final Tensor call(Tensor input) {
        return call(new Input(input, null));
    }

    /** Runs one step from the given state; see {@link #call(Object)}. */
    public final Tensor call(Tensor input, @Nullable Tensor hx) {
        return call(new Input(input, hx));
    }

    /** Runs one step for a batch. */
    abstract Tensor step(Tensor x, Tensor hx);

    @Override
    protected Tensor forward(Input in) {
        checkDims("input", in.input());
        if (in.hx() != null) {
            checkDims("hidden", in.hx());
        }
        boolean batched = in.input().dim() == 2;
        Tensor x = batched ? in.input() : in.input().unsqueeze(0);
        Tensor next = step(x, state(x, batched, in.hx()));
        return batched ? next : next.squeeze(0);
    }
}
