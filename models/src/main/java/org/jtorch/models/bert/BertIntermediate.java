package org.jtorch.models.bert;

import java.util.function.UnaryOperator;
import org.jtorch.Tensor;
import org.jtorch.nn.Module;
import org.jtorch.nn.linear.Linear;

/** The first map of each token: (N, S, hidden_size) to (N, S, intermediate_size). */
public final class BertIntermediate extends Module<Tensor, Tensor> {

    Linear dense;
    private final UnaryOperator<Tensor> activation;

    /** Creates the map of a configuration. */
    public BertIntermediate(BertConfig config) {
        dense = new Linear(config.hiddenSize, config.intermediateSize);
        activation = config.hiddenAct;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return activation.apply(dense.call(x));
    }
}
