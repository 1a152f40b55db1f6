package org.jtorch.nn.rnn;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.utils.rnn.PackedSequence;

/**
 * Long short-term memory: {@code i = sigmoid(W_ii x + b_ii + W_hi h + b_hi)}, {@code f} and {@code o} likewise,
 * {@code g = tanh(W_ig x + b_ig + W_hg h + b_hg)}, {@code c' = f c + i g}, {@code h' = o tanh(c')}, projected by
 * {@code W_hr} where there is a proj_size. The rows of the parameters are those of i, f, g and o.
 *
 * <p>Shapes: {@link Input}, {@link Output}. Parameters: {@link RNNBase}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.LSTM.html">torch.nn.LSTM</a>
 * @see <a href="https://arxiv.org/abs/1402.1128">Long short-term memory with projections, Sak et al. 2014</a>
 */
public class LSTM extends RNNBase<LSTM.Input, LSTM.Output> {

    /**
     * A state.
     *
     * @param h the hidden state, (layers * directions, N, proj_size or hidden_size), without N for a single sequence
     * @param c the cell's, (layers * directions, N, hidden_size)
     */
    public record State(Tensor h, Tensor c) {}

    /**
     * What the layer takes.
     *
     * @param input (L, N, input_size), batch first (N, L, input_size), a single sequence (L, input_size), or packed data
     * @param hx the first state; null: zeros
     * @param packed the packed sequences whose data {@code input} is, or null
     */
    public record Input(
            Tensor input, @Nullable State hx, @Nullable PackedSequence packed) {}

    /**
     * What the layer gives.
     *
     * @param output the last layer's hidden states at each step, (L, N, directions * size), as the input's form is
     * @param hidden the last state
     * @param packed the output as packed sequences where the input was such, or null
     */
    public record Output(
            Tensor output, State hidden, @Nullable PackedSequence packed) {}

    /** The optional arguments of {@link LSTM}. */
    public static final class Options extends RNNOptions<Options> {
        private long projSize;

        /** Sets the size that hidden states are projected to; the default is 0, no projection. */
        public Options projSize(long newProjSize) {
            projSize = newProjSize;
            return this;
        }
    }

    /** One layer, with the default options. */
    public LSTM(long inputSize, long hiddenSize) {
        this(inputSize, hiddenSize, o -> {});
    }

    /** So many layers, with the default options. */
    public LSTM(long inputSize, long hiddenSize, long numLayers) {
        this(inputSize, hiddenSize, o -> o.numLayers(numLayers));
    }

    /**
     * Creates one with the options that {@code options} sets.
     *
     * @param inputSize the size of the input's elements
     * @param hiddenSize the size of the state
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if a size is not positive, or an option makes no sense
     */
    public LSTM(long inputSize, long hiddenSize, Consumer<Options> options) {
        this(inputSize, hiddenSize, Customized.of(new Options(), options));
    }

    private LSTM(long inputSize, long hiddenSize, Options o) {
        super(inputSize, hiddenSize, o.projSize, 4, o);
    }

    /** A run from a state of zeros: {@link #call(Object)}. */
    public final Output call(Tensor input) {
        return call(input, null);
    }

    /** A run from a given state: {@link #call(Object)}. */
    public final Output call(Tensor input, @Nullable State hx) {
        return call(new Input(input, hx, null));
    }

    /** A run over packed sequences: {@link #call(Object)}. */
    public final Output call(PackedSequence input, @Nullable State hx) {
        return call(new Input(input.data(), hx, input));
    }

    @Override
    public final String mode() {
        return "LSTM";
    }

    @Override
    protected Output forward(Input in) {
        List<Tensor> hx = in.hx() == null ? null : List.of(in.hx().h(), in.hx().c());
        PackedSequence packed = Packing.over(in.packed(), in.input());
        List<Tensor> result = packed == null ? run(in.input(), hx) : run(packed, hx);
        return new Output(result.get(0), new State(result.get(1), result.get(2)), Packing.over(packed, result.get(0)));
    }

    @Override
    final List<Long> stateSizes() {
        return List.of(projSize > 0 ? projSize : hiddenSize, hiddenSize);
    }

    @Override
    final List<Tensor> kernel(Tensor input, List<Tensor> hx) {
        return input.lstm(hx, weights(), bias, numLayers, dropout, isTraining(), bidirectional, batchFirst);
    }

    @Override
    final List<Tensor> kernel(Tensor data, Tensor batchSizes, List<Tensor> hx) {
        return data.lstm(batchSizes, hx, weights(), bias, numLayers, dropout, isTraining(), bidirectional);
    }
}
