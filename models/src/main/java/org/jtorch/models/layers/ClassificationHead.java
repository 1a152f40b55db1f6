package org.jtorch.models.layers;

import org.jtorch.Tensor;
import org.jtorch.nn.Module;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.linear.Linear;

/** Two maps of the state of the first token, with tanh between them: (N, S, hidden_size) to (N, labels). */
public final class ClassificationHead extends Module<Tensor, Tensor> {

    Linear dense;
    Dropout dropout;
    Linear outProj;

    /**
     * Creates a head with new weights.
     *
     * @param hiddenSize the size of a state
     * @param labels the number of classes
     * @param dropout the probability of dropout before each map
     */
    public ClassificationHead(long hiddenSize, long labels, double dropout) {
        dense = new Linear(hiddenSize, hiddenSize);
        this.dropout = new Dropout(dropout);
        outProj = new Linear(hiddenSize, labels);
    }

    @Override
    protected Tensor forward(Tensor states) {
        Tensor first = dropout.call(states.select(1, 0));
        return outProj.call(dropout.call(dense.call(first).tanh()));
    }
}
