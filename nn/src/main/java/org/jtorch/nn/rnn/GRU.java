package org.jtorch.nn.rnn;

import java.util.List;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;

/**
 * Gated recurrent unit: {@code r = sigmoid(W_ir x + b_ir + W_hr h + b_hr)}, {@code z} in the same way,
 * {@code n = tanh(W_in x + b_in + r (W_hn h + b_hn))}, {@code h' = (1 - z) n + z h}. The rows of the parameters are those of r,
 * z and n.
 *
 * <p>Shapes: {@link HiddenRNN.Input}, {@link HiddenRNN.Output}. Parameters: {@link RNNBase}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.GRU.html">torch.nn.GRU</a>
 */
public class GRU extends HiddenRNN {

    /** The optional arguments of {@link GRU}. */
    public static final class Options extends RNNOptions<Options> {}

    /** Creates a network with one layer and the default options. */
    public GRU(long inputSize, long hiddenSize) {
        this(inputSize, hiddenSize, o -> {});
    }

    /** Creates a network with the given number of layers and the default options. */
    public GRU(long inputSize, long hiddenSize, long numLayers) {
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
    public GRU(long inputSize, long hiddenSize, Consumer<Options> options) {
        this(inputSize, hiddenSize, Customized.of(new Options(), options));
    }

    private GRU(long inputSize, long hiddenSize, Options o) {
        super(inputSize, hiddenSize, 3, o);
    }

    @Override
    public final String mode() {
        return "GRU";
    }

    @Override
    final List<Tensor> kernel(Tensor input, List<Tensor> hx) {
        return input.gru(hx.get(0), weights(), bias, numLayers, dropout, isTraining(), bidirectional, batchFirst);
    }

    @Override
    final List<Tensor> kernel(Tensor data, Tensor batchSizes, List<Tensor> hx) {
        return data.gru(batchSizes, hx.get(0), weights(), bias, numLayers, dropout, isTraining(), bidirectional);
    }
}
