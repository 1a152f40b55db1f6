package org.jtorch.models;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.Module;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.linear.Linear;

/**
 * A perceptron with one hidden layer: {@code fc2(dropout(relu(fc1(x))))}, {@code (N, in_features)} to
 * {@code (N, out_features)}.
 *
 * <p>Keys: {@code fc1.weight}, {@code fc1.bias}, {@code fc2.weight}, {@code fc2.bias}.
 */
public final class Mlp extends Module<Tensor, Tensor> {

    Linear fc1;
    ReLU act = new ReLU();

    @Nullable
    Dropout drop;

    Linear fc2;

    /** Creates a perceptron without dropout: {@code fc2(relu(fc1(x)))}. */
    public Mlp(long inFeatures, long hiddenFeatures, long outFeatures) {
        fc1 = new Linear(inFeatures, hiddenFeatures);
        fc2 = new Linear(hiddenFeatures, outFeatures);
    }

    /**
     * Creates a perceptron.
     *
     * @param inFeatures the size of the input
     * @param hiddenFeatures the size of the hidden layer
     * @param outFeatures the size of the output
     * @param dropout the probability that a hidden unit is dropped in training
     */
    public Mlp(long inFeatures, long hiddenFeatures, long outFeatures, double dropout) {
        this(inFeatures, hiddenFeatures, outFeatures);
        drop = new Dropout(dropout);
    }

    @Override
    protected Tensor forward(Tensor x) {
        Tensor hidden = act.call(fc1.call(x));
        return fc2.call(drop == null ? hidden : drop.call(hidden));
    }
}
