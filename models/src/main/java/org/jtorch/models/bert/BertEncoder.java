package org.jtorch.models.bert;

import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.Module;
import org.jtorch.nn.ModuleList;

/** BERT's layers one after another: (N, S, hidden_size) to (N, S, hidden_size). */
public final class BertEncoder extends Module<BertEncoder.Input, Tensor> {

    /**
     * What a layer is given.
     *
     * @param states the states of the tokens, (N, S, hidden_size)
     * @param mask true where a token may look at another one, (N, 1, 1, S); null if it may always
     */
    public record Input(Tensor states, @Nullable Tensor mask) {}

    ModuleList<BertLayer> layer;

    /** Creates the layers of a configuration. */
    public BertEncoder(BertConfig config) {
        layer = new ModuleList<>(LongStream.range(0, config.numHiddenLayers)
                .mapToObj(i -> new BertLayer(config))
                .toList());
    }

    @Override
    protected Tensor forward(Input input) {
        Tensor states = input.states;
        for (BertLayer each : layer) {
            states = each.call(new Input(states, input.mask));
        }
        return states;
    }
}
