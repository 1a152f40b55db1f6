package org.jtorch.nn.rnn;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.LayerOptions;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Resettable;
import org.jtorch.nn.init.Init;

/**
 * The base class of cells, which compute single steps of recurrent layers.
 *
 * <p>Parameters: {@code weight_ih} (gates * hidden_size, input_size), {@code weight_hh} (gates * hidden_size, hidden_size),
 * {@code bias_ih} and {@code bias_hh} (gates * hidden_size). All are initialized uniformly on
 * {@code [-1/sqrt(hidden_size), 1/sqrt(hidden_size))}.
 *
 * @param <I> the type of the input
 * @param <O> the type of the output
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.RNNCellBase.html">torch.nn.RNNCellBase</a>
 */
public abstract class RNNCellBase<I, O> extends Module<I, O> implements Resettable {

    /**
     * The optional arguments of all cells.
     *
     * @param <S> the options class itself, so that calls can be chained
     */
    public abstract static class CellOptions<S extends CellOptions<S>> extends LayerOptions<S> {
        private boolean bias = true;

        CellOptions() {}

        /** Sets whether there are biases; the default is {@code true}. */
        public S bias(boolean newBias) {
            bias = newBias;
            return self();
        }
    }

    /** The optional arguments of cells that have no others. */
    public static final class PlainOptions extends CellOptions<PlainOptions> {
        PlainOptions() {}
    }

    final long inputSize;

    final long hiddenSize;
    private final boolean bias;

    /** The weight of the input, (gates * hidden_size, input_size). */
    public Parameter weightIh;

    /** The weight of the state, (gates * hidden_size, hidden_size). */
    public Parameter weightHh;

    /** A bias, (gates * hidden_size), or null if there is none. */
    public @Nullable Parameter biasIh;

    /** A bias, (gates * hidden_size), or null if there is none. */
    public @Nullable Parameter biasHh;

    RNNCellBase(long inputSize, long hiddenSize, int gates, CellOptions<?> o) {
        this.inputSize = inputSize;
        this.hiddenSize = hiddenSize;
        bias = o.bias;
        TensorOptions made = o.tensorOptions();
        weightIh = new Parameter(Torch.empty(new long[] {gates * hiddenSize, inputSize}, made));
        weightHh = new Parameter(Torch.empty(new long[] {gates * hiddenSize, hiddenSize}, made));
        if (o.bias) {
            biasIh = new Parameter(Torch.empty(new long[] {gates * hiddenSize}, made));
            biasHh = new Parameter(Torch.empty(new long[] {gates * hiddenSize}, made));
        }
        resetParameters();
    }

    /** Draws new initial values for the parameters. */
    @Override
    public final void resetParameters() {
        double bound = hiddenSize > 0 ? 1 / Math.sqrt(hiddenSize) : 0;
        for (Parameter weight : parameters()) {
            Init.uniform_(weight, -bound, bound);
        }
    }

    /** Returns the size of the input. */
    public final long inputSize() {
        return inputSize;
    }

    /** Returns the size of the state. */
    public final long hiddenSize() {
        return hiddenSize;
    }

    /** Returns whether there are biases. */
    public final boolean bias() {
        return bias;
    }

    /** Throws if a tensor has neither one nor two dimensions. */
    final void checkDims(String what, Tensor tensor) {
        if (tensor.dim() != 1 && tensor.dim() != 2) {
            throw new TorchException(
                    className() + ": Expected " + what + " to be 1D or 2D, got " + tensor.dim() + "D instead");
        }
    }

    /** Returns a state, as a batch of one if the input is not batched. If none is given, it is zeros. */
    final Tensor state(Tensor x, boolean batched, @Nullable Tensor given) {
        if (given == null) {
            return x.newZeros(new long[] {x.size(0), hiddenSize});
        }
        return batched ? given : given.unsqueeze(0);
    }

    @Override
    protected String extraRepr() {
        return inputSize + ", " + hiddenSize + (biasIh == null ? ", bias=" + PythonText.of(false) : "");
    }
}
