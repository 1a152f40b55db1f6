package org.jtorch.serialize;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.TorchException;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.DefaultDevice;
import org.jtorch.nn.LazyModuleMixin;
import org.jtorch.nn.Module;
import org.jtorch.nn.Named;
import org.jtorch.nn.internal.modules.ForwardInput;
import org.jtorch.nn.spec.ModuleSpec;
import org.jtorch.nn.state.StateDict;
import org.jtorch.nn.state.StateDictException;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.file.AtomicFile;

/**
 * A model in files: {@code NAME.json} describes its structure, a {@link ModuleSpec}, and a checkpoint next to it contains
 * its weights.
 *
 * <pre>{@code
 * ModelFile.save(Path.of("model.json"), spec, model);         // and model.safetensors
 * Module<Tensor, Tensor> model = ModelFile.loadTensorModule(Path.of("model.json"));
 * Tensor logits = model.infer(x);
 * }</pre>
 *
 * <p>The weights are in the first of these files that exists: {@code NAME.safetensors}, {@code NAME.safetensors.index.json}
 * (a sharded set), {@code NAME.pt} (a state dict).
 *
 * <p><b>Nothing from a file runs.</b> The JSON can only name modules that {@link ModuleSpec} knows: those of PyTorch, and
 * those that were {@linkplain ModuleSpec#register registered}. However, it determines how large the model is.
 *
 * <p><b>The weights are in memory only once.</b> The module is created without values, and uses the tensors of the mapped
 * file with their dtypes, as {@link Checkpoint} describes. A module is created with values and then loaded if it has values
 * that the file does not contain (buffers that are not persistent, tensors in plain fields), or ties weights by sharing
 * their memory.
 */
public final class ModelFile {

    private static final String JSON = ".json";

    private ModelFile() {}

    // --- loading -----------------------------------------------------------------------------------------------

    /** Loads a model with the default options, as {@link #load(Path, Consumer)}. */
    public static Module<?, ?> load(Path json) {
        return load(json, o -> {});
    }

    /**
     * Creates a model and loads its weights, all of whose keys must match. It is in training mode, as a new model.
     *
     * <p>If the class of the module is known, cast it: {@code LSTM lstm = (LSTM) ModelFile.load(path)}. For modules from a
     * tensor to a tensor, use {@link #loadTensorModule(Path)}.
     *
     * @param json {@code NAME.json}
     * @param options sets how the weights are read, and whether they may be missing
     * @throws CheckpointException if there are no weights, or a file does not exist, is damaged, or does not match
     */
    public static Module<?, ?> load(Path json, Consumer<ModelFileOptions> options) {
        ModelFileOptions chosen = Customized.of(new ModelFileOptions(), options);
        ModuleSpec spec = spec(json);
        Optional<Path> weights = weights(json);
        if (weights.isPresent()) {
            return loaded(json, spec, weights.get(), chosen);
        } else if (chosen.isFreshWeights()) {
            return built(json, spec);
        }
        throw new CheckpointException(json + ": there are no weights next to it: none of "
                + String.join(
                        ", ",
                        candidates(json).stream()
                                .map(p -> String.valueOf(p.getFileName()))
                                .toList())
                + "; freshWeights(true) creates the model with new ones");
    }

    /** Loads a model with the default options, as {@link #loadTensorModule(Path, Consumer)}. */
    public static Module<Tensor, Tensor> loadTensorModule(Path json) {
        return loadTensorModule(json, o -> {});
    }

    /**
     * Loads a model whose input and output are tensors, as {@link #load(Path, Consumer)}.
     *
     * @throws CheckpointException also if its input or output is something else
     */
    @SuppressWarnings("unchecked") // checked by the declared types of its forward method
    public static Module<Tensor, Tensor> loadTensorModule(Path json, Consumer<ModelFileOptions> options) {
        Module<?, ?> module = load(json, options);
        Class<?> input = ForwardInput.type(module);
        Class<?> output = ForwardInput.outputType(module);
        if (!input.isAssignableFrom(Tensor.class) || !(Tensor.class == output || Object.class == output)) {
            throw new CheckpointException(json + ": " + module.className() + " takes " + name(input) + " and returns "
                    + name(output) + ", not tensors: load it with load(path), and cast it to its class");
        }
        return (Module<Tensor, Tensor>) module;
    }

    private static String name(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return outer == null ? type.getSimpleName() : name(outer) + "." + type.getSimpleName();
    }

    /**
     * Returns the file with a model's weights; empty if there is none.
     *
     * @param json {@code NAME.json}
     * @throws CheckpointException if the name does not have this form
     */
    public static Optional<Path> weights(Path json) {
        return candidates(json).stream().filter(Files::exists).findFirst();
    }

    private static List<Path> candidates(Path json) {
        String stem = stem(json);
        return List.of(
                json.resolveSibling(stem + ".safetensors"),
                json.resolveSibling(stem + ".safetensors.index.json"),
                json.resolveSibling(stem + ".pt"));
    }

    private static String stem(Path json) {
        String name = String.valueOf(json.getFileName());
        if (!name.endsWith(JSON) || name.length() == JSON.length()) {
            throw new CheckpointException(
                    json + ": a model file is called NAME.json; its weights are NAME.safetensors");
        }
        return name.substring(0, name.length() - JSON.length());
    }

    private static ModuleSpec spec(Path json) {
        stem(json);
        try {
            return ModuleSpec.fromJson(json);
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new CheckpointException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Module<?, ?> built(Path json, ModuleSpec spec) {
        try {
            return spec.build();
        } catch (IllegalArgumentException | TorchException e) {
            throw new CheckpointException(json + ": " + e.getMessage(), e);
        }
    }

    private static Module<?, ?> loaded(Path json, ModuleSpec spec, Path weights, ModelFileOptions options) {
        Module<?, ?> bare = withoutValues(spec);
        if (bare != null && SharedValues.of(tensors(bare)).isEmpty()) {
            fill(bare, json, weights, options, true);
            if (!lacksValues(bare)) {
                return bare;
            }
        }
        Module<?, ?> whole = built(json, spec);
        // tensors in place of values would separate those that only share memory
        fill(whole, json, weights, options, SharedValues.of(tensors(whole)).isEmpty());
        return whole;
    }

    /** Returns the module with everything on the meta device, or null if its class does not support this. */
    private static @Nullable Module<?, ?> withoutValues(ModuleSpec spec) {
        try (DefaultDevice meta = DefaultDevice.of(Device.META)) {
            return spec.build();
        } catch (RuntimeException e) {
            return null; // it computes with its values; if it cannot be created at all, the next attempt throws
        }
    }

    /** Returns parameters and buffers. An object with several names is included once. */
    private static Map<String, Tensor> tensors(Module<?, ?> module) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        module.namedParameters().forEach(p -> tensors.put(p.name(), p.value()));
        module.namedBuffers().forEach(b -> tensors.put(b.name(), b.value()));
        return tensors;
    }

    /** Returns whether something is on the meta device because the weights do not contain it. */
    private static boolean lacksValues(Module<?, ?> module) {
        List<Tensor> all = new ArrayList<>(tensors(module).values());
        module.modules().forEach(m -> m.unregisteredTensors().forEach(t -> all.add(t.value())));
        return all.stream().anyMatch(t -> t.isUninitialized() || t.isMeta());
    }

    private static void fill(Module<?, ?> module, Path json, Path weights, ModelFileOptions options, boolean assign) {
        try (TensorScope scope = new TensorScope()) {
            StateDict state = Checkpoint.load(weights, options.load()).stateDict();
            module.loadStateDict(state, true, assign);
        } catch (StateDictException e) {
            throw new CheckpointException(weights + ": does not fit " + json + ": " + e.getMessage(), e);
        }
    }

    // --- saving ------------------------------------------------------------------------------------------------

    /**
     * Writes a model: {@code NAME.json}, and its weights as {@code NAME.safetensors}. Before that, it is checked that they
     * can be loaded again: a module that {@code spec} creates must have the keys and shapes of {@code module} and the same
     * layers without children, and tie the same weights. Each file is written completely or not at all, the weights first.
     *
     * @param json {@code NAME.json}; its folder must exist
     * @param spec the structure of {@code module}
     * @param module the module whose weights are written
     * @throws IllegalArgumentException if {@code spec} has a value that is not data or does not describe {@code module}, or
     *     {@code module} has state that is not a tensor
     * @throws CheckpointException if a file cannot be written
     */
    public static void save(Path json, ModuleSpec spec, Module<?, ?> module) {
        Path weights = candidates(json).get(0);
        String text = spec.toJson() + "\n";
        try (TensorScope scope = new TensorScope()) {
            Map<String, Tensor> state = state(module);
            checkDescribes(ModuleSpec.fromJson(text), module, state);
            Checkpoint.saveSafetensors(weights, state, Map.of("format", "pt"));
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(json, channel -> {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
        });
    }

    private static Map<String, Tensor> state(Module<?, ?> module) {
        StateDict state = module.stateDict();
        Map<String, Tensor> tensors = new LinkedHashMap<>(state);
        for (String key : state.entries().keySet()) {
            Tensor tensor = tensors.get(key);
            if (tensor == null) {
                throw new IllegalArgumentException("'" + key
                        + "' is not a tensor, and safetensors files can only contain tensors: save the state dict"
                        + " with Checkpoint.save, as NAME.pt, next to the spec's JSON");
            } else if (tensor.isUninitialized()) {
                throw new IllegalArgumentException(
                        "'" + key + "' has no shape yet: call the lazy module once before it is saved");
            }
        }
        return tensors;
    }

    private static void checkDescribes(ModuleSpec spec, Module<?, ?> module, Map<String, Tensor> state) {
        Module<?, ?> bare = withoutValues(spec);
        Module<?, ?> described = bare == null ? spec.build() : bare;
        Map<String, String> tied = SharedValues.of(module.stateDict("", true));
        Map<String, String> tiedThere = SharedValues.of(described.stateDict("", true));
        try {
            described.loadStateDict(state, true, true);
        } catch (StateDictException e) {
            throw new IllegalArgumentException(
                    "the spec does not describe the module: a module of the spec cannot load its state dict: "
                            + e.getMessage(),
                    e);
        }
        tiedThere.forEach(
                (key, first) -> checkTied(key, first, tied.get(key), "in a module of the spec", "in the module"));
        tied.forEach(
                (key, first) -> checkTied(key, first, tiedThere.get(key), "in the module", "in a module of the spec"));
        Map<String, Module<?, ?>> layers = new LinkedHashMap<>();
        module.namedModules("", false).forEach(m -> layers.put(m.name(), m.value()));
        for (Named<Module<?, ?>> layer : described.namedModules("", false)) {
            checkSame(layer.name(), layer.value(), layers.get(layer.name()));
        }
    }

    private static void checkTied(String key, String first, @Nullable String other, String here, String there) {
        if (!first.equals(other)) {
            throw new IllegalArgumentException("the spec does not describe the module: '" + key + "' and '" + first
                    + "' are one tensor " + here + ", and two " + there
                    + ": register a class that ties them with ModuleSpec.register");
        }
    }

    /** Checks that two modules are equal. The text of a module without children contains what it was made with. */
    private static void checkSame(String path, Module<?, ?> described, @Nullable Module<?, ?> actual) {
        boolean comparable = actual != null
                && described.children().isEmpty()
                && !(described instanceof LazyModuleMixin || actual instanceof LazyModuleMixin);
        if (comparable && !described.toString().equals(String.valueOf(actual))) {
            throw new IllegalArgumentException(
                    "the spec does not describe the module: " + (path.isEmpty() ? "it" : "'" + path + "'") + " is "
                            + actual + ", and " + described + " in a module of the spec");
        }
    }
}
