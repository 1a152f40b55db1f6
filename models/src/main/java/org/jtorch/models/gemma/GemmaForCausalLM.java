package org.jtorch.models.gemma;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jtorch.models.decoder.DecoderForCausalLM;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedOptions;

/**
 * Gemma with scores of the next token: Llama with scaled embeddings and normalization around a weight of 1.
 *
 * @see <a href="https://arxiv.org/abs/2403.08295">Gemma: Open Models Based on Gemini Research and Technology</a>
 */
public final class GemmaForCausalLM extends DecoderForCausalLM<GemmaConfig> {

    /** Creates a model with new weights. */
    public GemmaForCausalLM(GemmaConfig config) {
        super(config);
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static GemmaForCausalLM fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static GemmaForCausalLM fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, GemmaConfig::new, GemmaForCausalLM::new, options);
    }
}
