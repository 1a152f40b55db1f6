package org.jtorch.models.qwen3;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jtorch.models.decoder.DecoderForCausalLM;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedOptions;

/**
 * Qwen3 with scores of the next token: Llama whose queries and keys are normalized.
 *
 * @see <a href="https://arxiv.org/abs/2505.09388">Qwen3 Technical Report</a>
 */
public final class Qwen3ForCausalLM extends DecoderForCausalLM<Qwen3Config> {

    /** Creates a model with new weights. */
    public Qwen3ForCausalLM(Qwen3Config config) {
        super(config);
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static Qwen3ForCausalLM fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static Qwen3ForCausalLM fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, Qwen3Config::new, Qwen3ForCausalLM::new, options);
    }
}
