package org.jtorch.nn.rnn;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.utils.rnn.PackedSequence;

/** The base class of recurrent layers whose state is one tensor, {@link RNN} and {@link GRU}. */
public abstract class HiddenRNN extends RNNBase<HiddenRNN.Input, HiddenRNN.Output> {

    /**
     * The input of such a layer.
     *
     * @param input (L, N, input_size); (N, L, input_size) if batch first; (L, input_size) for a single sequence; or packed data
     * @param hx the initial hidden state, (layers * directions, N, hidden_size), without N for a single sequence; null for
     *     zeros
     * @param packed the packed sequences to which the data {@code input} belong, or null
     */
    public record Input(
            Tensor input, @Nullable Tensor hx, @Nullable PackedSequence packed) {}

    /**
     * The output of such a layer.
     *
     * @param output the hidden states of the last layer at each step, (L, N, directions * hidden_size), in the form of the
     *     input
     * @param hidden the last hidden state, (layers * directions, N, hidden_size)
     * @param packed the output as packed sequences if the input was packed, otherwise null
     */
    public record Output(
            Tensor output, Tensor hidden, @Nullable PackedSequence packed) {}

    HiddenRNN(long inputSize, long hiddenSize, int gates, RNNOptions<?> o) {
        super(inputSize, hiddenSize, 0, gates, o);
    }

    /** Runs the network from a state of zeros; see {@link #call(Object)}. */
    public final Output call(Tensor input) {
        return call(input, null);
    }

    /** Runs the network from the given state; see {@link #call(Object)}. */
    public final Output call(Tensor input, @Nullable Tensor hx) {
        return call(new Input(input, hx, null));
    }

    /** Runs the network over packed sequences; see {@link #call(Object)}. */
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
