package org.jtorch.models.vision;

import java.util.Objects;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.GELU;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.init.Init;
import org.jtorch.nn.linear.Linear;

/** Two linear maps of each token with an activation between them, each followed by dropout: (*, dim) to (*, dim). */
public class TokenMlp extends Sequential {

    /**
     * Creates the layers.
     *
     * @param dim the size of a token
     * @param hiddenDim the size between the maps
     * @param dropout the probability of dropout
     */
    public TokenMlp(long dim, long hiddenDim, double dropout) {
        super(linear(dim, hiddenDim), new GELU(), new Dropout(dropout), linear(hiddenDim, dim), new Dropout(dropout));
    }

    private static Linear linear(long in, long out) {
        Linear linear = new Linear(in, out);
        Init.xavierUniform_(linear.weight);
        Init.normal_(Objects.requireNonNull(linear.bias), 0, 1e-6);
        return linear;
    }
}
