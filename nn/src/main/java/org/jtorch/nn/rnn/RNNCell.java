package org.jtorch.nn.rnn;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;

/**
 * One step of an {@link RNN}: {@code (N, input_size)} and {@code (N, hidden_size)} to {@code (N, hidden_size)}. The dimension N
 * may be absent.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.RNNCell.html">torch.nn.RNNCell</a>
 */
public class RNNCell extends HiddenCell {

    /** The optional arguments of {@link RNNCell}. */
    public static final class Options extends CellOptions<Options> {
        private String nonlinearity = "tanh";

        /** Sets the nonlinearity: {@code tanh}, the default, or {@code relu}. */
        public Options nonlinearity(String newNonlinearity) {
            nonlinearity = newNonlinearity;
            return this;
        }
    }

    private boolean relu;

    /** Creates a layer with the default options. */
    public RNNCell(long inputSize, long hiddenSize) {
        this(inputSize, hiddenSize, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param inputSize the size of the input
     * @param hiddenSize the size of the state
     * @param options sets the optional arguments
     */
    public RNNCell(long inputSize, long hiddenSize, Consumer<Options> options) {
        this(inputSize, hiddenSize, options(options));
    }

    private static Options options(Consumer<Options> setter) {
        Options o = Customized.of(new Options(), setter);
        return o;
    }

    private RNNCell(long inputSize, long hiddenSize, Options o) {
        super(inputSize, hiddenSize, 1, o);
        relu = Nonlinearities.isRelu(o.nonlinearity);
    }

    /** Returns the nonlinearity: {@code tanh} or {@code relu}. */
    public final String nonlinearity() {
        return relu ? "relu" : "tanh";
    }

    /**
     * Sets {@link #nonlinearity()}.
     *
     * @throws IllegalArgumentException if the name is unknown
     */
    public final void nonlinearity(String newNonlinearity) {
        relu = Nonlinearities.isRelu(newNonlinearity);
    }

    @Override
    final Tensor step(Tensor x, Tensor hx) {
        return relu
                ? x.rnnReluCell(hx, weightIh, weightHh, biasIh, biasHh)
                : x.rnnTanhCell(hx, weightIh, weightHh, biasIh, biasHh);
    }

    @Override
    protected String extraRepr() {
        return super.extraRepr() + (relu ? ", nonlinearity=relu" : "");
    }
}
