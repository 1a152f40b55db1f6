package org.jtorch.models.mistral;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jtorch.models.decoder.DecoderForCausalLM;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedOptions;

/**
 * Mistral with scores of the next token: Llama whose tokens may look only at the last ones before them.
 *
 * @see <a href="https://arxiv.org/abs/2310.06825">Mistral 7B</a>
 */
public final class MistralForCausalLM extends DecoderForCausalLM<MistralConfig> {

    /** Creates a model with new weights. */
    public MistralForCausalLM(MistralConfig config) {
        super(config);
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static MistralForCausalLM fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static MistralForCausalLM fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, MistralConfig::new, MistralForCausalLM::new, options);
    }
}
