package org.jtorch.models.sentence;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.models.Pretrained;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.layers.EncoderOutput;
import org.jtorch.models.layers.TextEncoder;
import org.jtorch.models.pretrained.ConfigException;
import org.jtorch.models.pretrained.ModelConfig;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.nn.Module;

/** Reads the folders of {@code sentence-transformers}. */
final class SentenceFiles {

    private static final String NEED = ", but must have a Transformer, a Pooling, and then only Dense and Normalize";

    private SentenceFiles() {}

    /** What {@code sentence_bert_config.json} contains. */
    private static final class TransformerConfig extends ModelConfig {
        final @Nullable Long maxSeqLength = has("max_seq_length") ? Long.valueOf(integer("max_seq_length", 0)) : null;

        TransformerConfig(Map<String, ? extends @Nullable Object> values) {
            super("transformer", values);
            ignore("do_lower_case", "model_args", "tokenizer_args", "config_args");
            refuseUnknown();
        }
    }

    static SentenceEncoder read(Path folder, Consumer<? super PretrainedOptions> options) {
        Path file = folder.resolve("modules.json");
        if (Files.isDirectory(folder) && !Files.exists(file)) {
            throw new ConfigException(
                    folder + " has no modules.json, so that it is not a folder of sentence-transformers:"
                            + " a model alone does not say how the states of its tokens become an embedding");
        }
        List<Map<String, @Nullable Object>> modules = ModelConfig.readList(file);
        List<String> types = modules.stream().map(SentenceFiles::type).toList();
        if (types.size() < 2
                || !types.get(0).equals("Transformer")
                || !types.get(1).equals("Pooling")) {
            throw new ConfigException(file + " has the modules " + types + NEED);
        }
        Path first = place(folder, modules.get(0));
        List<Module<Tensor, Tensor>> further = new ArrayList<>();
        for (int i = 2; i < types.size(); i++) {
            switch (types.get(i)) {
                case "Dense" -> further.add(Dense.fromPretrained(place(folder, modules.get(i)), options));
                case "Normalize" -> further.add(new Normalize());
                default -> throw new ConfigException(file + " has the modules " + types + NEED);
            }
        }
        PoolingConfig pooling = new PoolingConfig(ModelConfig.read(place(folder, modules.get(1))));
        SentenceEncoder encoder =
                new SentenceEncoder(encoder(first, options), new Pooling(pooling), further, maxSeqLength(first));
        encoder.eval();
        return encoder;
    }

    /** Returns the last part of the name of a class in Python; the parts before it differ between versions. */
    private static String type(Map<String, @Nullable Object> module) {
        String name = String.valueOf(module.get("type"));
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static Path place(Path folder, Map<String, @Nullable Object> module) {
        return module.get("path") instanceof String path ? folder.resolve(path) : folder;
    }

    private static Module<EncoderInput, EncoderOutput> encoder(
            Path folder, Consumer<? super PretrainedOptions> options) {
        PretrainedModel<?, ?, ?> model = Pretrained.loadBase(folder, o -> {
            options.accept(o);
            o.mayMiss(key -> key.startsWith("pooler.")); // what it computes is not used
        });
        if (!(model instanceof TextEncoder<?> encoder)) {
            throw new ConfigException("the model in " + folder + " is a "
                    + model.getClass().getSimpleName() + ", which does not give the states of the tokens of a text");
        }
        return encoder;
    }

    private static @Nullable Long maxSeqLength(Path folder) {
        Path file = folder.resolve("sentence_bert_config.json");
        return Files.exists(file) ? new TransformerConfig(ModelConfig.read(file)).maxSeqLength : null;
    }
}
