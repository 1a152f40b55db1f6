package org.jtorch.models.gpt2;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.models.decoder.CausalModel;
import org.jtorch.models.decoder.DecoderInput;
import org.jtorch.models.decoder.KeyValueCache;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.nn.linear.Linear;

/**
 * GPT-2 with scores of the next token: tokens (N, S) to scores (N, S, vocab_size).
 *
 * @see <a href="https://openai.com/research/better-language-models">Language Models are Unsupervised Multitask Learners</a>
 */
public final class GPT2LMHeadModel extends CausalModel<GPT2Config> {

    GPT2Model transformer;
    Linear lmHead;

    /** Creates a model with new weights. */
    public GPT2LMHeadModel(GPT2Config config) {
        super(config);
        transformer = new GPT2Model(config);
        lmHead = new Linear(config.nEmbd, config.vocabSize, o -> o.bias(false));
        if (config.tieWordEmbeddings) {
            lmHead.weight = transformer.wte.weight;
        }
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static GPT2LMHeadModel fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static GPT2LMHeadModel fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, GPT2Config::new, GPT2LMHeadModel::new, options);
    }

    @Override
    protected Tensor forward(DecoderInput input) {
        return lmHead.call(kept(transformer.call(input), input));
    }

    @Override
    public KeyValueCache newCache(long capacity) {
        return new KeyValueCache(config().nLayer, capacity);
    }

    @Override
    protected String baseModelPrefix() {
        return "transformer";
    }
}
