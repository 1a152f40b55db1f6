package org.jtorch.nn.rnn;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/** What cells share whose state is one tensor, {@link RNNCell} and {@link GRUCell}: they give the next state. */
public abstract class HiddenCell extends RNNCellBase<HiddenCell.Input, Tensor> {

    /**
     * What such a cell takes.
     *
     * @param input (N, input_size) or (input_size)
     * @param hx the state, (N, hidden_size) or (hidden_size); null: zeros
     */
    public record Input(Tensor input, @Nullable Tensor hx) {}

    HiddenCell(long inputSize, long hiddenSize, int gates, CellOptions<?> o) {
        super(inputSize, hiddenSize, gates, o);
    }

    /** A step from a state of zeros: {@link #call(Object)}. */
    public final Tensor call(Tensor input) {
        return call(new Input(input, null));
    }

    /** A step from a given state: {@link #call(Object)}. */
    public final Tensor call(Tensor input, @Nullable Tensor hx) {
        return call(new Input(input, hx));
    }

    /** The kernel of a batch. */
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
