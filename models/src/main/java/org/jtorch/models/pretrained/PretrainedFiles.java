package org.jtorch.models.pretrained;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.nn.DefaultDevice;
import org.jtorch.nn.Module;
import org.jtorch.nn.Named;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.state.StateDict;
import org.jtorch.serialize.Checkpoint;
import org.jtorch.serialize.format.CheckpointException;

/** Reads models from folders, and writes them. */
public final class PretrainedFiles {

    private static final System.Logger LOGGER = System.getLogger(PretrainedFiles.class.getName());

    private static final List<String> WEIGHTS = List.of(
            "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json");

    private PretrainedFiles() {}

    /**
     * Reads a model.
     *
     * @param folder a folder with {@code config.json} and weights: {@code model.safetensors}, {@code pytorch_model.bin}, or several
     *     files with an index
     * @param config creates the configuration from the values in the file
     * @param model creates the model
     * @param options sets the optional arguments
     * @return the model, in eval mode
     * @throws ConfigException if the configuration cannot be read, or asks for something that the model does not compute
     * @throws CheckpointException if there are no weights, or if they are damaged
     * @throws org.jtorch.nn.state.StateDictException if the weights do not fit: keys that are missing, that remain, or that have
     *     other shapes
     */
    public static <C extends ModelConfig, M extends PretrainedModel<C, ?, ?>> M load(
            Path folder,
            Function<Map<String, @Nullable Object>, C> config,
            Function<C, M> model,
            Consumer<? super PretrainedOptions> options) {
        PretrainedOptions chosen = new PretrainedOptions();
        options.accept(chosen);
        C read = config.apply(values(folder, chosen));
        StateDict weights = weights(folder, chosen);
        M created;
        try (DefaultDevice meta = DefaultDevice.of(Device.META)) { // nothing is drawn that is replaced anyway
            created = model.apply(read);
        }
        fit(created, weights, chosen);
        Set<String> missing = missing(created, weights, chosen);
        if (chosen.ignoreMismatchedSizes) {
            missing.addAll(mismatched(created, weights));
        }
        if (!missing.isEmpty()) { // these keep the values that a new model has
            created = model.apply(read);
            StateDict own = created.stateDict();
            missing.forEach(key -> weights.put(key, Objects.requireNonNull(own.get(key))));
        }
        created.loadStateDict(weights, true, true);
        if (chosen.dtype != null) {
            created.to(chosen.dtype);
        }
        created.to(chosen.device);
        created.eval();
        return created;
    }

    private static Map<String, @Nullable Object> values(Path folder, PretrainedOptions options) {
        Map<String, @Nullable Object> values = ModelConfig.read(folder);
        if (options.numLabels != null) {
            values.remove("id2label");
            values.remove("label2id");
            values.put("num_labels", options.numLabels);
        }
        return values;
    }

    /** Returns the keys of weights that have other sizes in the model. */
    private static Set<String> mismatched(Module<?, ?> model, StateDict weights) {
        Set<String> keys = new TreeSet<>();
        model.stateDict().forEach((key, own) -> {
            Tensor read = weights.get(key);
            if (read != null && !Arrays.equals(read.shape(), own.shape())) {
                keys.add(key);
            }
        });
        if (!keys.isEmpty()) {
            LOGGER.log(System.Logger.Level.INFO, "weights of other sizes are not used: {0}", keys);
        }
        return keys;
    }

    private static StateDict weights(Path folder, PretrainedOptions options) {
        for (String name : WEIGHTS) {
            Path file = folder.resolve(name);
            if (Files.exists(file)) {
                return Checkpoint.load(file, o -> {
                            if (options.dtype != null) {
                                o.dtype(options.dtype);
                            }
                            if (options.mmap != null) {
                                o.mmap(options.mmap);
                            }
                            o.mapLocation(options.device);
                        })
                        .stateDict();
            }
        }
        throw new CheckpointException(
                folder + " has no weights: it should contain one of the files " + String.join(", ", WEIGHTS));
    }

    // --- keys --------------------------------------------------------------------------------------------------

    /** Makes the keys those of the model: prefixes, older names, tied weights, and what may be missing or remain. */
    private static void fit(PretrainedModel<?, ?, ?> model, StateDict weights, PretrainedOptions options) {
        StateDict own = model.stateDict();
        rename(weights, key -> own.containsKey(key) ? key : older(key));
        String prefix = model.baseModelPrefix();
        if (!prefix.isEmpty()) { // weights without a head
            rename(
                    weights,
                    key -> own.containsKey(key) || !own.containsKey(prefix + "." + key) ? key : prefix + "." + key);
        } else { // weights of a model with a head
            rename(weights, key -> {
                int dot = key.indexOf('.');
                return own.containsKey(key) || dot < 0 || !own.containsKey(key.substring(dot + 1))
                        ? key
                        : key.substring(dot + 1);
            });
        }
        tie(model, weights);
        drop(model, weights, own.keySet(), options);
    }

    /** Returns the keys that the weights do not have and need not have. */
    private static Set<String> missing(Module<?, ?> model, StateDict weights, PretrainedOptions options) {
        Set<String> missing = new TreeSet<>(model.stateDict().keySet());
        missing.removeIf(key -> weights.containsKey(key) || !matches(options.mayMiss, key));
        return missing;
    }

    private static void rename(StateDict weights, Function<String, String> renaming) {
        for (String key : List.copyOf(weights.keySet())) {
            String renamed = renaming.apply(key);
            if (!renamed.equals(key) && !weights.containsKey(renamed)) {
                weights.put(renamed, Objects.requireNonNull(weights.remove(key)));
            }
        }
    }

    /** Drops what the model does not have: tables, what is allowed to remain, and other heads. */
    private static void drop(
            PretrainedModel<?, ?, ?> model, StateDict weights, Set<String> own, PretrainedOptions options) {
        String prefix = model.baseModelPrefix();
        Set<String> parts = new HashSet<>();
        for (String key : own) {
            parts.add(part(key.startsWith(prefix + ".") ? key.substring(prefix.length() + 1) : key));
        }
        Set<String> heads = new TreeSet<>();
        for (String key : List.copyOf(weights.keySet())) {
            if (own.contains(key)) {
                continue;
            }
            boolean ofOtherHead =
                    !parts.contains(part(key)) && !parts.contains(part(key.substring(key.indexOf('.') + 1)));
            if (ofOtherHead) {
                heads.add(part(key));
            }
            if (ofOtherHead || isTable(key) || model.mayRemain(key) || matches(options.mayRemain, key)) {
                weights.remove(key);
            }
        }
        if (!heads.isEmpty()) {
            LOGGER.log(System.Logger.Level.INFO, "weights of other heads are not used: {0}", heads);
        }
    }

    private static String part(String key) {
        int dot = key.indexOf('.');
        return dot < 0 ? key : key.substring(0, dot);
    }

    /** Returns the present name of a weight: files converted from TensorFlow have other ones in layer normalization. */
    private static String older(String key) {
        return key.endsWith(".gamma")
                ? key.substring(0, key.length() - 5) + "weight"
                : key.endsWith(".beta") ? key.substring(0, key.length() - 4) + "bias" : key;
    }

    /** Returns whether a key is that of a table that older versions saved and newer ones compute. */
    private static boolean isTable(String key) {
        return key.endsWith(".position_ids")
                || key.endsWith("rotary_emb.inv_freq")
                || key.endsWith(".attn.bias")
                || key.endsWith(".attn.masked_bias");
    }

    private static boolean matches(List<Predicate<String>> conditions, String key) {
        return conditions.stream().anyMatch(condition -> condition.test(key));
    }

    /** Adds the keys of tied weights, of which a file has one. */
    private static void tie(Module<?, ?> model, StateDict weights) {
        Map<Parameter, String> present = new IdentityHashMap<>();
        List<Named<Parameter>> all = model.namedParameters("", true, false);
        for (Named<Parameter> each : all) {
            if (weights.containsKey(each.name())) {
                present.putIfAbsent(each.value(), each.name());
            }
        }
        for (Named<Parameter> each : all) {
            String other = present.get(each.value());
            if (other != null && !other.equals(each.name())) {
                // the first one counts, also if the file has both
                weights.put(each.name(), Objects.requireNonNull(weights.get(other)));
            }
        }
    }

    // --- writing -----------------------------------------------------------------------------------------------

    static void save(PretrainedModel<?, ?, ?> model, Path folder, long maxShardBytes) {
        Map<String, @Nullable Object> values =
                new LinkedHashMap<>(model.config().values());
        values.put("architectures", List.of(model.architecture()));
        model.parameters().stream()
                .findFirst()
                .ifPresent(parameter ->
                        values.put("dtype", parameter.dtype().toString().replace("torch.", "")));
        values.remove("torch_dtype");
        try {
            Files.createDirectories(folder);
            Checkpoint.saveSharded(
                    folder.resolve("model.safetensors"), withoutTied(model), Map.of("format", "pt"), maxShardBytes);
            ConfigFiles.write(folder.resolve(ConfigFiles.NAME), values);
        } catch (IOException e) {
            throw new CheckpointException(folder + " cannot be written: " + e, e);
        }
    }

    private static Map<String, Tensor> withoutTied(Module<?, ?> model) {
        Map<Parameter, String> seen = new IdentityHashMap<>();
        StateDict all = model.stateDict();
        for (Named<Parameter> each : model.namedParameters("", true, false)) {
            if (seen.putIfAbsent(each.value(), each.name()) != null) {
                all.remove(each.name());
            }
        }
        return all;
    }
}
