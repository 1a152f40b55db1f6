package org.jtorch.models.roberta;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.models.bert.BertConfig;

/**
 * The configuration of RoBERTa, by default that of {@code roberta-base} but for its 514 positions, and of the models that compute the
 * same: XLM-RoBERTa, with {@code model_type} {@code xlm-roberta}, and CamemBERT, with {@code camembert}.
 */
public final class RobertaConfig extends BertConfig {

    /** How the names of the classes in {@code transformers} begin, by the type of the model. */
    private static final Map<String, String> PREFIXES =
            Map.of("roberta", "Roberta", "xlm-roberta", "XLMRoberta", "camembert", "Camembert");

    /** Creates a configuration from the values that differ from the defaults, by their names in {@code config.json}. */
    public RobertaConfig(Map<String, ? extends @Nullable Object> values) {
        super(type(values), values, type(values).equals("roberta") ? 50265 : 30522, 1);
    }

    private static String type(Map<String, ? extends @Nullable Object> values) {
        return values.get("model_type") instanceof String type && PREFIXES.containsKey(type) ? type : "roberta";
    }

    /** Returns the name of a class of this package under the name that it has for this type of model. */
    String architecture(Class<?> model) {
        return PREFIXES.get(modelType()) + model.getSimpleName().substring("Roberta".length());
    }
}
