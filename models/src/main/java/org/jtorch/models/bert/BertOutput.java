package org.jtorch.models.bert;

import org.jtorch.Tensor;
import org.jtorch.nn.Module;
import org.jtorch.nn.Name;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.LayerNorm;

/**
 * A linear map whose result is added to the input of the block and normalized: (N, S, inFeatures) and (N, S, hidden_size) to (N, S,
 * hidden_size).
 */
public final class BertOutput extends Module<BertOutput.Residual, Tensor> {

    /** What was computed, and what it is added to. */
    public record Residual(Tensor computed, Tensor input) {}

    Linear dense;

    @Name("LayerNorm")
    LayerNorm layerNorm;

    Dropout dropout;

    /** Creates the map of a configuration, from states of a size. */
    public BertOutput(BertConfig config, long inFeatures) {
        dense = new Linear(inFeatures, config.hiddenSize);
        layerNorm = new LayerNorm(config.hiddenSize, o -> o.eps(config.layerNormEps));
        dropout = new Dropout(config.hiddenDropoutProb);
    }

    @Override
    protected Tensor forward(Residual residual) {
        return layerNorm.call(dropout.call(dense.call(residual.computed)).add(residual.input));
    }
}
