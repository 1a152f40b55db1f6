package org.jtorch.models.distilbert;

import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.jtorch.Tensor;
import org.jtorch.models.layers.AttentionMasks;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.layers.EncoderOutput;
import org.jtorch.models.layers.TextEncoder;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.nn.Module;
import org.jtorch.nn.ModuleList;

/**
 * DistilBERT without a head: tokens (N, S) to states (N, S, dim). It has no pooler, and knows no types of tokens.
 *
 * @see <a href="https://arxiv.org/abs/1910.01108">DistilBERT, a distilled version of BERT</a>
 */
public final class DistilBertModel extends TextEncoder<DistilBertConfig> {

    DistilBertEmbeddings embeddings;
    Layers transformer;

    /** Creates a model with new weights. */
    public DistilBertModel(DistilBertConfig config) {
        super(config);
        embeddings = new DistilBertEmbeddings(config);
        transformer = new Layers(config);
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static DistilBertModel fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static DistilBertModel fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, DistilBertConfig::new, DistilBertModel::new, options);
    }

    @Override
    protected EncoderOutput forward(EncoderInput input) {
        input.refuseTokenTypes("DistilBERT");
        Tensor mask = AttentionMasks.bidirectional(input.attentionMask());
        return new EncoderOutput(transformer.call(new DistilBertLayer.Input(embeddings.call(input), mask)), null);
    }

    /** The layers one after another: (N, S, dim) to (N, S, dim). */
    static final class Layers extends Module<DistilBertLayer.Input, Tensor> {
        ModuleList<DistilBertLayer> layer;

        Layers(DistilBertConfig config) {
            layer = new ModuleList<>(LongStream.range(0, config.nLayers)
                    .mapToObj(i -> new DistilBertLayer(config))
                    .toList());
        }

        @Override
        protected Tensor forward(DistilBertLayer.Input input) {
            Tensor states = input.states();
            for (DistilBertLayer each : layer) {
                states = each.call(new DistilBertLayer.Input(states, input.mask()));
            }
            return states;
        }
    }
}
