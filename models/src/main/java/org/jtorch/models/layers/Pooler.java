package org.jtorch.models.layers;

import java.util.function.UnaryOperator;
import org.jtorch.Tensor;
import org.jtorch.nn.Module;
import org.jtorch.nn.linear.Linear;

/** The state of the first token, mapped: (N, S, inFeatures) to (N, outFeatures). */
public final class Pooler extends Module<Tensor, Tensor> {

    Linear dense;
    private final UnaryOperator<Tensor> activation;

    /** Creates a pooler with new weights that keeps the size of a state, with tanh. */
    public Pooler(long hiddenSize) {
        this(hiddenSize, hiddenSize, Tensor::tanh);
    }

    /** Creates a pooler with new weights. */
    public Pooler(long inFeatures, long outFeatures, UnaryOperator<Tensor> activation) {
        dense = new Linear(inFeatures, outFeatures);
        this.activation = activation;
    }

    @Override
    protected Tensor forward(Tensor states) {
        return activation.apply(dense.call(states.select(1, 0)));
    }
}
