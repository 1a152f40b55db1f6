package org.jtorch.models.mpnet;

import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.models.layers.AttentionMasks;
import org.jtorch.models.layers.RelativePositions;
import org.jtorch.nn.Module;
import org.jtorch.nn.ModuleList;
import org.jtorch.nn.sparse.Embedding;

/**
 * MPNet's layers one after another, with a bias of the attention by the distance of two tokens: (N, S, hidden_size) to (N, S,
 * hidden_size).
 */
final class MPNetEncoder extends Module<MPNetEncoder.Input, Tensor> {

    private static final RelativePositions POSITIONS = new RelativePositions(true, MPNetConfig.BUCKETS, 128);

    /**
     * What the layers are given.
     *
     * @param states the states of the tokens, (N, S, hidden_size)
     * @param mask true where a token may look at another one, (N, 1, 1, S); null if it may always
     */
    record Input(Tensor states, @Nullable Tensor mask) {}

    ModuleList<MPNetLayer> layer;
    Embedding relativeAttentionBias;

    MPNetEncoder(MPNetConfig config) {
        layer = new ModuleList<>(LongStream.range(0, config.numHiddenLayers)
                .mapToObj(i -> new MPNetLayer(config))
                .toList());
        relativeAttentionBias = new Embedding(MPNetConfig.BUCKETS, config.numAttentionHeads);
    }

    @Override
    protected Tensor forward(Input input) {
        Tensor states = input.states;
        long tokens = states.size(1);
        Tensor bias = relativeAttentionBias.call(POSITIONS.buckets(0, tokens, tokens, states)); // (S, S, heads)
        Tensor added = AttentionMasks.added(bias.permute(2, 0, 1).unsqueeze(0), input.mask);
        for (MPNetLayer each : layer) {
            states = each.call(new MPNetLayer.Input(states, added));
        }
        return states;
    }
}
