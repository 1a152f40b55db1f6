package org.jtorch.models.qwen2;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jtorch.models.decoder.DecoderForCausalLM;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedOptions;

/**
 * Qwen2 with scores of the next token: Llama whose queries, keys and values have a bias.
 *
 * @see <a href="https://arxiv.org/abs/2407.10671">Qwen2 Technical Report</a>
 */
public final class Qwen2ForCausalLM extends DecoderForCausalLM<Qwen2Config> {

    /** Creates a model with new weights. */
    public Qwen2ForCausalLM(Qwen2Config config) {
        super(config);
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static Qwen2ForCausalLM fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static Qwen2ForCausalLM fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, Qwen2Config::new, Qwen2ForCausalLM::new, options);
    }
}
