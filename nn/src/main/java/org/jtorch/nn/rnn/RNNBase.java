package org.jtorch.nn.rnn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Derivations;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Resettable;
import org.jtorch.nn.Unregistered;
import org.jtorch.nn.init.Init;
import org.jtorch.nn.utils.rnn.PackedSequence;

/**
 * The base class of recurrent layers: their arguments, their parameters, and the conversion of inputs and states for the
 * kernel.
 *
 * <p>Parameters of each layer k, and of its backward direction with {@code _reverse} after the name: {@code weight_ih_l[k]}
 * (gates * hidden_size, input size of the layer), {@code weight_hh_l[k]} (gates * hidden_size, hidden or proj_size),
 * {@code bias_ih_l[k]} and {@code bias_hh_l[k]} (gates * hidden_size), and {@code weight_hr_l[k]} (proj_size, hidden_size) if
 * there are projections. All are initialized uniformly on {@code [-1/sqrt(hidden_size), 1/sqrt(hidden_size))}.
 *
 * @param <I> the type of the input
 * @param <O> the type of the output
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.RNNBase.html">torch.nn.RNNBase</a>
 */
public abstract class RNNBase<I, O> extends Module<I, O> implements Resettable {

    /** An upper limit for the number of layers. */
    private static final long MOST_LAYERS = 1L << 24;

    final long inputSize;

    final long hiddenSize;

    final long numLayers;

    final boolean bias;

    boolean batchFirst;

    double dropout;

    final boolean bidirectional;

    final long projSize;

    @Unregistered
    private final List<String> weightNames = new ArrayList<>();

    RNNBase(long inputSize, long hiddenSize, long projSize, int gates, RNNOptions<?> o) {
        check(inputSize, hiddenSize, projSize, o);
        this.inputSize = inputSize;
        this.hiddenSize = hiddenSize;
        this.projSize = projSize;
        numLayers = o.numLayers;
        bias = o.bias;
        batchFirst = o.batchFirst;
        dropout = o.dropout;
        bidirectional = o.bidirectional;
        TensorOptions made = o.tensorOptions();
        if (numLayers > MOST_LAYERS) {
            throw new IllegalArgumentException("num_layers is " + numLayers + ", but must not exceed " + MOST_LAYERS);
        }
        for (long layer = 0; layer < numLayers; layer++) {
            long size = layer == 0 ? inputSize : outputSize() * directions();
            addWeights("l" + layer, size, gates * hiddenSize, made);
            if (bidirectional) {
                addWeights("l" + layer + "_reverse", size, gates * hiddenSize, made);
            }
        }
        resetParameters();
    }

    private static void check(long inputSize, long hiddenSize, long projSize, RNNOptions<?> o) {
        checkDropout(o.dropout);
        positive("input_size", inputSize);
        positive("hidden_size", hiddenSize);
        positive("num_layers", o.numLayers);
        if (projSize < 0) {
            throw new IllegalArgumentException(
                    "proj_size should be a positive integer or zero to disable projections, but is " + projSize);
        }
        if (projSize >= hiddenSize) {
            throw new IllegalArgumentException(
                    "proj_size has to be smaller than hidden_size, but is " + projSize + " of " + hiddenSize);
        }
    }

    private static void positive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be greater than zero, but is " + value);
        }
    }

    private void addWeights(String suffix, long size, long gateSize, TensorOptions made) {
        addWeight("weight_ih_" + suffix, made, gateSize, size);
        addWeight("weight_hh_" + suffix, made, gateSize, outputSize());
        if (bias) {
            addWeight("bias_ih_" + suffix, made, gateSize);
            addWeight("bias_hh_" + suffix, made, gateSize);
        }
        if (projSize > 0) {
            addWeight("weight_hr_" + suffix, made, projSize, hiddenSize);
        }
    }

    private void addWeight(String name, TensorOptions made, long... shape) {
        registerParameter(name, new Parameter(Torch.empty(shape, made)));
        weightNames.add(name);
    }

    private int directions() {
        return bidirectional ? 2 : 1;
    }

    /** Returns the size of the output of one direction. */
    private long outputSize() {
        return projSize > 0 ? projSize : hiddenSize;
    }

    /** Returns the size of an element of the input sequence. */
    public final long inputSize() {
        return inputSize;
    }

    /** Returns the size of the state. */
    public final long hiddenSize() {
        return hiddenSize;
    }

    /** Returns the number of layers, each of which reads the output of the one before it. */
    public final long numLayers() {
        return numLayers;
    }

    /** Returns whether there are biases. */
    public final boolean bias() {
        return bias;
    }

    /** Returns whether input and output are (N, L, …) instead of (L, N, …). */
    public final boolean batchFirst() {
        return batchFirst;
    }

    /** Sets {@link #batchFirst()}. */
    public final void batchFirst(boolean newBatchFirst) {
        batchFirst = newBatchFirst;
    }

    /** Returns the probability with which an output of a layer other than the last is dropped in training. */
    public final double dropout() {
        return dropout;
    }

    /**
     * Sets {@link #dropout()}.
     *
     * @throws IllegalArgumentException if it is not between 0 and 1
     */
    public final void dropout(double newDropout) {
        checkDropout(newDropout);
        dropout = newDropout;
    }

    /** Returns whether each layer also reads the sequence backwards. */
    public final boolean bidirectional() {
        return bidirectional;
    }

    /** Returns the size to which hidden states are projected, or 0. */
    public final long projSize() {
        return projSize;
    }

    private static void checkDropout(double dropout) {
        if (!(dropout >= 0 && dropout <= 1)) {
            throw new IllegalArgumentException(
                    "dropout should be a number in range [0, 1] representing the probability of"
                            + " an element being zeroed, but is " + PythonText.of(dropout));
        }
    }

    /** Returns PyTorch's name for the kind of network: {@code LSTM}, {@code GRU}, {@code RNN_TANH} or {@code RNN_RELU}. */
    public abstract String mode();

    /** Draws new initial values for the parameters. */
    @Override
    public final void resetParameters() {
        double bound = 1 / Math.sqrt(hiddenSize);
        for (Parameter weight : parameters()) {
            Init.uniform_(weight, -bound, bound);
        }
    }

    /**
     * Does nothing. Only kernels of some accelerators require all parameters in one block of memory, and these also accept
     * separate ones.
     */
    public final void flattenParameters() {}

    /** Returns the parameters of each layer and direction. */
    public final List<List<Parameter>> allWeights() {
        int each = (bias ? 4 : 2) + (projSize > 0 ? 1 : 0);
        List<List<Parameter>> result = new ArrayList<>();
        for (int i = 0; i < weightNames.size(); i += each) {
            result.add(
                    weightNames.subList(i, i + each).stream().map(this::weight).toList());
        }
        return result;
    }

    /** Returns a parameter, or what stands in place of a computed one. */
    private Parameter weight(String name) {
        if (Derivations.tensor(this, name) instanceof Parameter parameter) {
            return parameter;
        }
        throw new IllegalStateException(className() + " has no parameter '" + name + "' any more");
    }

    final List<Tensor> weights() {
        List<Tensor> weights = new ArrayList<>(weightNames.size());
        weightNames.forEach(name -> weights.add(weight(name)));
        return weights;
    }

    /** Runs the kernel, and returns the output, the last hidden state and, if there is one, the last cell state. */
    abstract List<Tensor> kernel(Tensor input, List<Tensor> hx);

    /** Runs the kernel over packed sequences. */
    abstract List<Tensor> kernel(Tensor data, Tensor batchSizes, List<Tensor> hx);

    /** Returns the size of the hidden state and, if there is one, of the cell state. */
    List<Long> stateSizes() {
        return List.of(outputSize());
    }

    /** Returns the text after the number of dimensions in PyTorch's message. */
    String unwantedDims() {
        return "D";
    }

    /** Returns the output and the last states for a batch or a single sequence. If no states are given, they are zeros. */
    final List<Tensor> run(Tensor input, @Nullable List<Tensor> hx) {
        if (input.dim() != 2 && input.dim() != 3) {
            throw new TorchException(
                    className() + ": Expected input to be 2D or 3D, got " + input.dim() + unwantedDims() + " instead");
        }
        boolean batched = input.dim() == 3;
        int batchDim = batchFirst ? 0 : 1;
        Tensor x = batched ? input : input.unsqueeze(batchDim);
        checkInput(x, 3);
        List<Tensor> states = states(x, x.size(batchDim), batchedStates(hx, batched));
        List<Tensor> result = kernel(x, states);
        if (batched) {
            return result;
        }
        List<Tensor> single = new ArrayList<>();
        for (int i = 0; i < result.size(); i++) {
            single.add(result.get(i).squeeze(i == 0 ? batchDim : 1));
        }
        return single;
    }

    /**
     * Returns the output and the last states for packed sequences. The states are in the order in which the sequences were
     * given.
     */
    final List<Tensor> run(PackedSequence packed, @Nullable List<Tensor> hx) {
        checkInput(packed.data(), 2);
        long batch = packed.batchSizes().select(0, 0).itemLong();
        List<Tensor> sorted = states(packed.data(), batch, permuted(hx, packed.sortedIndices()));
        List<Tensor> result = kernel(packed.data(), packed.batchSizes(), sorted);
        List<Tensor> given = new ArrayList<>();
        given.add(result.get(0));
        List<Tensor> last = result.subList(1, result.size());
        Tensor back = packed.unsortedIndices();
        last.forEach(state -> given.add(back == null ? state : state.indexSelect(1, back)));
        return given;
    }

    private static @Nullable List<Tensor> permuted(@Nullable List<Tensor> hx, @Nullable Tensor order) {
        return hx == null || order == null
                ? hx
                : hx.stream().map(state -> state.indexSelect(1, order)).toList();
    }

    private void checkInput(Tensor x, int dims) {
        Tensor weight = weight(weightNames.get(0));
        if (x.dtype() != weight.dtype()) {
            throw new TorchException("RNN input dtype (" + x.dtype() + ") does not match weight dtype ("
                    + weight.dtype() + "). Convert input: input.to(" + weight.dtype()
                    + "), or convert model: model.to(" + x.dtype() + ")");
        }
        if (x.dim() != dims) {
            throw new TorchException("input must have " + dims + " dimensions, got " + x.dim());
        }
        if (x.size(-1) != inputSize) {
            throw new TorchException(
                    "input.size(-1) must be equal to input_size. Expected " + inputSize + ", got " + x.size(-1));
        }
    }

    private @Nullable List<Tensor> batchedStates(@Nullable List<Tensor> hx, boolean batched) {
        if (hx == null) {
            return null;
        }
        int dims = batched ? 3 : 2;
        if (hx.stream().anyMatch(state -> state.dim() != dims)) {
            String kind = batched ? "batched 3-D" : "unbatched 2-D";
            throw new TorchException(
                    hx.size() == 1
                            ? "For " + kind + " input, hx should also be " + dims + "-D but got "
                                    + hx.get(0).dim() + "-D tensor"
                            : "For " + kind + " input, hx and cx should also be " + dims + "-D but got ("
                                    + hx.get(0).dim() + "-D, " + hx.get(1).dim() + "-D) tensors");
        }
        return batched ? hx : hx.stream().map(state -> state.unsqueeze(1)).toList();
    }

    /** Checks and returns the given states, or returns zeros. */
    private List<Tensor> states(Tensor x, long batch, @Nullable List<Tensor> hx) {
        List<Long> sizes = stateSizes();
        List<Tensor> states = new ArrayList<>();
        for (int i = 0; i < sizes.size(); i++) {
            long[] expected = {numLayers * directions(), batch, sizes.get(i)};
            if (hx != null && !Arrays.equals(hx.get(i).shape(), expected)) {
                throw new TorchException("Expected hidden" + (sizes.size() == 1 ? "" : "[" + i + "]") + " size "
                        + PythonText.tuple(expected) + ", got "
                        + Arrays.toString(hx.get(i).shape()));
            }
            states.add(hx == null ? x.newZeros(expected) : hx.get(i));
        }
        return states;
    }

    @Override
    protected String extraRepr() {
        return inputSize + ", " + hiddenSize
                + (projSize != 0 ? ", proj_size=" + projSize : "")
                + (numLayers != 1 ? ", num_layers=" + numLayers : "")
                + (bias ? "" : ", bias=False")
                + (batchFirst ? ", batch_first=True" : "")
                + (dropout != 0 ? ", dropout=" + PythonText.of(dropout) : "")
                + (bidirectional ? ", bidirectional=True" : "");
    }
}
