package org.jtorch.models.sentence;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.models.pretrained.ConfigException;
import org.jtorch.models.pretrained.ModelConfig;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.linear.Linear;

/** A linear map and an activation: (N, in_features) to (N, out_features). */
public final class Dense extends PretrainedModel<Dense.Config, Tensor, Tensor> {

    /** What {@code 2_Dense/config.json} contains. */
    public static final class Config extends ModelConfig {

        private static final Map<String, UnaryOperator<Tensor>> ACTIVATIONS = Map.of(
                "torch.nn.modules.linear.Identity", x -> x,
                "torch.nn.modules.activation.Tanh", Tensor::tanh,
                "torch.nn.modules.activation.ReLU", F::relu,
                "torch.nn.modules.activation.GELU", F::gelu,
                "torch.nn.modules.activation.Sigmoid", Tensor::sigmoid);

        public final long inFeatures = integer("in_features", 0);
        public final long outFeatures = integer("out_features", 0);
        public final boolean bias = flag("bias", true);
        public final UnaryOperator<Tensor> activation;
        private final String activationName;

        /** Creates a configuration; {@code in_features} and {@code out_features} have no defaults. */
        public Config(Map<String, ? extends @Nullable Object> values) {
            super("dense", values);
            String name = text("activation_function", "torch.nn.modules.activation.Tanh");
            UnaryOperator<Tensor> found = ACTIVATIONS.get(name);
            if (found == null) {
                throw new ConfigException("the configuration has activation_function = " + name
                        + ", but it must be one of " + ACTIVATIONS.keySet());
            }
            if (inFeatures < 1 || outFeatures < 1) {
                throw new ConfigException("the configuration has in_features = " + inFeatures + " and out_features = "
                        + outFeatures + ", but both must be at least 1");
            }
            activation = found;
            activationName = name;
            only("module_input_name", "sentence_embedding");
            only("module_output_name", "sentence_embedding");
            refuseUnknown();
        }
    }

    Linear linear;

    /** Returns what stands in the file, which may have nothing else than the arguments of Python's class. */
    Map<String, Object> file() {
        Config config = config();
        Map<String, Object> file = new LinkedHashMap<>();
        file.put("in_features", config.inFeatures);
        file.put("out_features", config.outFeatures);
        file.put("bias", config.bias);
        file.put("activation_function", config.activationName);
        return file;
    }

    /** Creates a map with new weights. */
    public Dense(Config config) {
        super(config);
        linear = new Linear(config.inFeatures, config.outFeatures, o -> o.bias(config.bias));
    }

    /** Reads a map from a folder; see {@link PretrainedFiles#load}. */
    public static Dense fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, Config::new, Dense::new, options);
    }

    @Override
    protected Tensor forward(Tensor embeddings) {
        return config().activation.apply(linear.call(embeddings));
    }
}
