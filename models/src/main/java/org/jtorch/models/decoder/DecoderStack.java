package org.jtorch.models.decoder;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Module;
import org.jtorch.nn.ModuleList;
import org.jtorch.nn.sparse.Embedding;

/** A decoder without scores: tokens (N, S) to states (N, S, hidden_size). */
public final class DecoderStack extends Module<DecoderInput, Tensor> {

    /** What layers with the same mask have in common: their window, and the number of tokens that they have kept. */
    private record Reach(long window, long kept) {}

    Embedding embedTokens;
    ModuleList<DecoderLayer> layers;
    DecoderNorm norm;
    private final DecoderConfig config;
    private final RotaryEmbedding rotary;

    /** Creates the layers of a configuration. */
    public DecoderStack(DecoderConfig config) {
        this.config = config;
        rotary = new RotaryEmbedding(config.rotary);
        embedTokens = new Embedding(config.vocabSize, config.hiddenSize, o -> {
            if (config.padTokenId != null) {
                o.paddingIdx(config.padTokenId);
            }
        });
        layers = new ModuleList<>(IntStream.range(0, Math.toIntExact(config.numHiddenLayers))
                .mapToObj(i -> new DecoderLayer(config, i))
                .toList());
        norm = new DecoderNorm(config.hiddenSize, config.rmsNormEps, config.normOffset());
    }

    @Override
    protected Tensor forward(DecoderInput input) {
        Tensor states = embedTokens.call(input.inputIds());
        if (config.embeddingScale() != 1) {
            states = states.mul(Torch.tensor(config.embeddingScale()).to(states.dtype()));
        }
        RotaryEmbedding.Angles angles = rotary.angles(input.positions(), states.dtype());
        Map<Reach, CausalMask> masks = new LinkedHashMap<>();
        for (int i = 0; i < layers.size(); i++) {
            Reach reach = new Reach(
                    config.window(i), input.cache() == null ? 0 : input.cache().kept(i));
            CausalMask mask = masks.computeIfAbsent(reach, each -> CausalMask.of(input, each.window, each.kept));
            states = layers.get(i).call(new DecoderLayer.Input(states, angles, mask, input.cache()));
        }
        return norm.call(states);
    }
}
