package org.jtorch.models.llama;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jtorch.models.decoder.DecoderForCausalLM;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedOptions;

/**
 * Llama with scores of the next token.
 *
 * @see <a href="https://arxiv.org/abs/2407.21783">The Llama 3 Herd of Models</a>
 */
public final class LlamaForCausalLM extends DecoderForCausalLM<LlamaConfig> {

    /** Creates a model with new weights. */
    public LlamaForCausalLM(LlamaConfig config) {
        super(config);
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static LlamaForCausalLM fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static LlamaForCausalLM fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, LlamaConfig::new, LlamaForCausalLM::new, options);
    }
}
