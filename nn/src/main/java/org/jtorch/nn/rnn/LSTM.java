package org.jtorch.nn.rnn;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.utils.rnn.PackedSequence;

/**
 * Long short-term memory: {@code i = sigmoid(W_ii x + b_ii + W_hi h + b_hi)}, {@code f} and {@code o} in the same way,
 * {@code g = tanh(W_ig x + b_ig + W_hg h + b_hg)}, {@code c' = f c + i g}, {@code h' = o tanh(c')}. If there is a proj_size,
 * {@code h'} is projected by {@code W_hr}. The rows of the parameters are those of i, f, g and o.
 *
 * <p>Shapes: {@link Input}, {@link Output}. Parameters: {@link RNNBase}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.LSTM.html">torch.nn.LSTM</a>
 * @see <a href="https://arxiv.org/abs/1402.1128">Long short-term memory with projections, Sak et al. 2014</a>
 */
public class LSTM extends RNNBase<LSTM.Input, LSTM.Output> {

    /**
     * A state of the network.
     *
     * @param h the hidden state, (layers * directions, N, proj_size or hidden_size), without N for a single sequence
     * @param c the cell state, (layers * directions, N, hidden_size), without N for a single sequence
     */
    public record State(Tensor h, Tensor c) {}

    /**
     * The input of the layer.
     *
     * @param input (L, N, input_size); (N, L, input_size) if batch first; (L, input_size) for a single sequence; or packed data
     * @param hx the initial state; null for zeros
     * @param packed the packed sequences to which the data {@code input} belong, or null
     */
    public record Input(
            Tensor input, @Nullable State hx, @Nullable PackedSequence packed) {}

    /**
     * The output of the layer.
     *
     * @param output the hidden states of the last layer at each step, (L, N, directions * size), in the form of the input
     * @param hidden the last state
     * @param packed the output as packed sequences if the input was packed, otherwise null
     */
    public record Output(
            Tensor output, State hidden, @Nullable PackedSequence packed) {}

    /** The optional arguments of {@link LSTM}. */
    public static final class Options extends RNNOptions<Options> {
        private long projSize;

        /** Sets the size to which hidden states are projected. The default is 0, which means no projection. */
        public Options projSize(long newProjSize) {
            projSize = newProjSize;
            return this;
        }
    }

    /** Creates a network with one layer and the default options. */
    public LSTM(long inputSize, long hiddenSize) {
        this(inputSize, hiddenSize, o -> {});
    }

    /** Creates a network with the given number of layers and the default options. */
    public LSTM(long inputSize, long hiddenSize, long numLayers) {
        this(inputSize, hiddenSize, o -> o.numLayers(numLayers));
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param inputSize the size of an element of the input sequence
     * @param hiddenSize the size of the state
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if a size is not positive, or an option is invalid
     */
    public LSTM(long inputSize, long hiddenSize, Consumer<Options> options) {
        this(inputSize, hiddenSize, Customized.of(new Options(), options));
    }

    private LSTM(long inputSize, long hiddenSize, Options o) {
        super(inputSize, hiddenSize, o.projSize, 4, o);
    }

    /** Runs the network from a state of zeros; see {@link #call(Object)}. */
    public final Output call(Tensor input) {
        return call(input, null);
    }

    /** Runs the network from the given state; see {@link #call(Object)}. */
    public final Output call(Tensor input, @Nullable State hx) {
        return call(new Input(input, hx, null));
    }

    /** Runs the network over packed sequences; see {@link #call(Object)}. */
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
