package org.jtorch.models.sentence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.models.Pretrained;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.layers.EncoderOutput;
import org.jtorch.models.layers.TextEncoder;
import org.jtorch.models.pretrained.ConfigException;
import org.jtorch.models.pretrained.ModelConfig;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.nn.Module;
import org.jtorch.serialize.format.CheckpointException;

/** Reads and writes the folders of {@code sentence-transformers}. */
final class SentenceFiles {

    private static final String MODULES = "modules.json";
    private static final String TRANSFORMER = "sentence_bert_config.json";

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
        Path file = folder.resolve(MODULES);
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

    static void write(SentenceEncoder encoder, Path folder) {
        if (!(encoder.encoder instanceof TextEncoder<?> tokens)) {
            throw new IllegalStateException("the encoder of the tokens is a "
                    + encoder.encoder.getClass().getSimpleName()
                    + ", but only a TextEncoder can be written to a folder");
        }
        List<Map<String, Object>> modules = new ArrayList<>();
        add(modules, "", "Transformer");
        add(modules, "1_Pooling", "Pooling");
        for (Module<Tensor, Tensor> each : encoder.further) {
            String type = each.getClass().getSimpleName();
            if (!(each instanceof Dense) && !(each instanceof Normalize)) {
                throw new IllegalStateException(
                        "after the pooling is a " + type + ", but only Dense and Normalize can be written to a folder");
            }
            add(modules, modules.size() + "_" + type, type);
        }
        tokens.savePretrained(folder);
        ModelConfig.write(
                made(folder.resolve("1_Pooling")).resolve("config.json"),
                encoder.pooling.config().file(dimension(tokens)));
        for (int i = 0; i < encoder.further.size(); i++) {
            Path place = made(folder.resolve(
                    (String) Objects.requireNonNull(modules.get(i + 2).get("path"))));
            if (encoder.further.get(i) instanceof Dense dense) {
                dense.savePretrained(place);
                ModelConfig.write(place.resolve("config.json"), dense.file());
            }
        }
        Long most = encoder.maxSeqLength();
        if (most != null) {
            ModelConfig.write(folder.resolve(TRANSFORMER), Map.of("max_seq_length", most, "do_lower_case", false));
        }
        ModelConfig.write(folder.resolve(MODULES), modules);
    }

    private static void add(List<Map<String, Object>> modules, String path, String type) {
        Map<String, Object> module = new LinkedHashMap<>();
        module.put("idx", modules.size());
        module.put("name", String.valueOf(modules.size()));
        module.put("path", path);
        module.put("type", "sentence_transformers.models." + type);
        modules.add(module);
    }

    private static Path made(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new CheckpointException(folder + " cannot be made: " + e, e);
        }
    }

    /** Returns the size of the state of a token. */
    private static long dimension(TextEncoder<?> encoder) {
        try (TensorScope scope = new TensorScope()) {
            Tensor token = Torch.zeros(
                    new long[] {1, 1},
                    TensorOptions.of(DType.INT64)
                            .device(encoder.parameters().get(0).device()));
            return encoder.infer(new EncoderInput(token)).lastHiddenState().size(2);
        }
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
        Path file = folder.resolve(TRANSFORMER);
        return Files.exists(file) ? new TransformerConfig(ModelConfig.read(file)).maxSeqLength : null;
    }
}
