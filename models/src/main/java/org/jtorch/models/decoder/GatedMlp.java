package org.jtorch.models.decoder;

import java.util.function.UnaryOperator;
import org.jtorch.Tensor;
import org.jtorch.nn.Module;
import org.jtorch.nn.linear.Linear;

/**
 * {@code down(activation(gate(x)) * up(x))}: (*, hidden_size) to (*, hidden_size).
 *
 * @see <a href="https://arxiv.org/abs/2002.05202">GLU Variants Improve Transformer</a>
 */
public final class GatedMlp extends Module<Tensor, Tensor> {

    Linear gateProj;
    Linear upProj;
    Linear downProj;
    private final UnaryOperator<Tensor> activation;

    /** Creates the map of a configuration. */
    public GatedMlp(DecoderConfig config) {
        boolean bias = config.hasMlpBias();
        gateProj = new Linear(config.hiddenSize, config.intermediateSize, o -> o.bias(bias));
        upProj = new Linear(config.hiddenSize, config.intermediateSize, o -> o.bias(bias));
        downProj = new Linear(config.intermediateSize, config.hiddenSize, o -> o.bias(bias));
        activation = config.hiddenAct;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return downProj.call(activation.apply(gateProj.call(x)).mul(upProj.call(x)));
    }
}
