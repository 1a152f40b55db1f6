package org.jtorch.nn.transformer;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.nn.LayerOptions;
import org.jtorch.nn.Module;
import org.jtorch.nn.activation.MultiheadAttention;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.LayerNorm;

/**
 * The optional arguments of transformers and their layers.
 *
 * @param <S> the options class itself
 */
public abstract class TransformerLayerOptions<S extends TransformerLayerOptions<S>> extends LayerOptions<S> {

    private long dimFeedforward = 2048;
    private Number dropout = 0.1;
    private NamedFunction function = NamedFunction.RELU;
    private @Nullable Module<Tensor, Tensor> activation;
    private Number layerNormEps = 1e-5;
    private boolean batchFirst;
    private boolean normFirst;
    private boolean bias = true;

    TransformerLayerOptions() {}

    /** Sets the size between the two linear maps; the default is 2048. */
    public S dimFeedforward(long newDimFeedforward) {
        dimFeedforward = newDimFeedforward;
        return self();
    }

    /** Sets the probability of dropout; the default is 0.1. {@link #toString} of the layer shows it as given. */
    public S dropout(Number newDropout) {
        dropout = newDropout;
        return self();
    }

    /**
     * Sets the activation between the two linear maps by name; the default is {@code relu}.
     *
     * @param newActivation {@code relu} or {@code gelu}
     * @throws IllegalArgumentException if the name is unknown
     */
    public S activation(String newActivation) {
        function = NamedFunction.of(newActivation);
        activation = null;
        return self();
    }

    /**
     * Sets the activation between the two linear maps as a function without parameters. Only {@code relu} and {@code gelu}, by
     * name or as modules, are recognized as such; what a Java function computes is not known.
     */
    public S activation(UnaryOperator<Tensor> newActivation) {
        function = new NamedFunction(0, newActivation);
        activation = null;
        return self();
    }

    /** Sets the activation between the two linear maps as a module, which becomes the layer's child {@code activation}. */
    public S activation(Module<Tensor, Tensor> newActivation) {
        activation = newActivation;
        return self();
    }

    /** Sets the number that normalizations add to the variance; the default is 1e-5. */
    public S layerNormEps(Number newLayerNormEps) {
        layerNormEps = newLayerNormEps;
        return self();
    }

    /** Sets whether tensors are (N, L, E) instead of (L, N, E); the default is {@code false}. */
    public S batchFirst(boolean newBatchFirst) {
        batchFirst = newBatchFirst;
        return self();
    }

    /**
     * Sets whether inputs of attention and linear maps are normalized, instead of the sums after them; the default is
     * {@code false}.
     */
    public S normFirst(boolean newNormFirst) {
        normFirst = newNormFirst;
        return self();
    }

    /** Sets whether linear maps and normalizations have biases; the default is {@code true}. */
    public S bias(boolean newBias) {
        bias = newBias;
        return self();
    }

    // --- what a layer is made of -----------------------------------------------------------------------------

    final boolean isBatchFirst() {
        return batchFirst;
    }

    final boolean isNormFirst() {
        return normFirst;
    }

    final Number dropout() {
        return dropout;
    }

    final NamedFunction function() {
        return function;
    }

    final @Nullable Module<Tensor, Tensor> activation() {
        return activation;
    }

    final MultiheadAttention attention(long dModel, long nhead) {
        return new MultiheadAttention(
                dModel,
                nhead,
                o -> placed(o).dropout(dropout.doubleValue()).bias(bias).batchFirst(batchFirst));
    }

    final Linear widening(long dModel) {
        return new Linear(dModel, dimFeedforward, o -> placed(o).bias(bias));
    }

    final Linear narrowing(long dModel) {
        return new Linear(dimFeedforward, dModel, o -> placed(o).bias(bias));
    }

    final LayerNorm norm(long dModel) {
        return new LayerNorm(dModel, o -> placed(o).eps(layerNormEps).bias(bias));
    }

    /** Copies these options to the options of a layer. */
    final <O extends TransformerLayerOptions<O>> O passTo(O options) {
        TransformerLayerOptions<O> to = placed(options);
        to.dimFeedforward = dimFeedforward;
        to.dropout = dropout;
        to.function = function;
        to.activation = activation;
        to.layerNormEps = layerNormEps;
        to.batchFirst = batchFirst;
        to.normFirst = normFirst;
        to.bias = bias;
        return options;
    }

    private <O extends LayerOptions<O>> O placed(O options) {
        TensorOptions made = tensorOptions();
        return options.device(made.device()).dtype(made.dtype());
    }
}
