package org.jtorch.models.quantization;

import java.util.IdentityHashMap;
import java.util.Map;
import org.jtorch.nn.Module;
import org.jtorch.nn.Named;
import org.jtorch.nn.linear.Linear;

/** Makes models smaller and faster for inference. */
public final class Quantization {

    private Quantization() {}

    /**
     * Replaces each {@link Linear} of a model by an {@link Int8Linear}, so that a step of text generation reads a quarter of the
     * bytes of float32, or half of those of bfloat16. Embeddings stay as they are: a head that shares the weight of an embedding
     * gets a weight of its own. Subclasses of {@code Linear} stay, and so does what is not a {@code Linear}, such as the maps of
     * GPT-2.
     *
     * <pre>{@code
     * LlamaForCausalLM model = LlamaForCausalLM.fromPretrained(folder, o -> o.dtype(DType.BFLOAT16));
     * Quantization.int8Weights(model);
     * Generation.generate(model, ids, o -> o.maxNewTokens(50));
     * }</pre>
     *
     * <p><b>Accuracy.</b> A weight is off by at most {@code 1 / 254} of the greatest one of its row; see {@link Int8Linear}. Compare
     * what the model is used for, since how much that matters depends on the model.
     *
     * @param model the model, which is changed
     * @return the model
     * @throws IllegalArgumentException if it has no such layer, or if a weight is not finite
     */
    public static <M extends Module<?, ?>> M int8Weights(M model) {
        Map<Linear, Int8Linear> replaced = new IdentityHashMap<>(); // a shared layer stays shared
        for (Named<Module<?, ?>> each : model.namedModules("", false)) {
            if (each.value().getClass() == Linear.class && !each.name().isEmpty()) {
                Linear linear = (Linear) each.value();
                model.setSubmodule(each.name(), replaced.computeIfAbsent(linear, Int8Linear::new), true);
            }
        }
        if (replaced.isEmpty()) {
            throw new IllegalArgumentException(model.getClass().getSimpleName() + " has no Linear to replace");
        }
        return model;
    }
}
