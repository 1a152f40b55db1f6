package org.jtorch.nn.rnn;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.utils.rnn.PackedSequence;

/** What recurrent layers share whose state is one tensor, {@link RNN} and {@link GRU}. */
public abstract class HiddenRNN extends RNNBase<HiddenRNN.Input, HiddenRNN.Output> {

    /**
     * What such a layer takes.
     *
     * @param input (L, N, input_size), batch first (N, L, input_size), a single sequence (L, input_size), or packed data
     * @param hx the first hidden state, (layers * directions, N, hidden_size), without N for a single sequence; null: zeros
     * @param packed the packed sequences whose data {@code input} is, or null
     */
    public record Input(
            Tensor input, @Nullable Tensor hx, @Nullable PackedSequence packed) {}

    /**
     * What such a layer gives.
     *
     * @param output the last layer's hidden states at each step, (L, N, directions * hidden_size), as the input's form is
     * @param hidden the last hidden state, (layers * directions, N, hidden_size)
     * @param packed the output as packed sequences where the input was such, or null
     */
    public record Output(
            Tensor output, Tensor hidden, @Nullable PackedSequence packed) {}

    HiddenRNN(long inputSize, long hiddenSize, int gates, RNNOptions<?> o) {
        super(inputSize, hiddenSize, 0, gates, o);
    }

    /** A run from a state of zeros: {@link #call(Object)}. */
    public final Output call(Tensor input) {
        return call(input, null);
    }

    /** A run from a given state: {@link #call(Object)}. */
    public final Output call(Tensor input, @Nullable Tensor hx) {
        return call(new Input(input, hx, null));
    }

    /** A run over packed sequences: {@link #call(Object)}. */
    public final Output call(PackedSequence input, @Nullable Tensor hx) {
        return call(new Input(input.data(), hx, input));
    }

    @Override
    protected Output forward(Input in) {
        List<Tensor> hx = in.hx() == null ? null : List.of(in.hx());
        PackedSequence packed = Packing.over(in.packed(), in.input());
        List<Tensor> result = packed == null ? run(in.input(), hx) : run(packed, hx);
        return new Output(result.get(0), result.get(1), Packing.over(packed, result.get(0)));
    }
}
