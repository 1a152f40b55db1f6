package org.jtorch.nn.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.nn.Module;

/**
 * A module as data: its PyTorch name and the arguments of its constructor.
 *
 * <pre>{@code
 * Module<?, ?> conv = ModuleSpec.of("Conv2d", List.of(3, 64, 7), Map.of("stride", 2, "bias", false)).build();
 * }</pre>
 *
 * <p>Names, order and defaults of the arguments are PyTorch's. A value is a {@code Number}, {@code Boolean}, {@code String},
 * null, {@code DType}, {@code Device}, {@code Tensor}, a {@code List} of values (Python's list or tuple), a {@code Map} of
 * them by name, a {@link FunctionSpec}, a module, or a {@code ModuleSpec}, which is built with it. Whole numbers are kept as
 * {@code Long} and others as {@code Double}, as Python has them: {@code ModuleSpec.of("ReLU6")} and what
 * {@link #fromJson(String)} gives for it are equal.
 *
 * <p>A spec is data: {@link #toJson} writes it, {@link #fromJson(String)} reads it, in the form that {@link SpecJson} tells.
 *
 * @param module the class's name, without its package
 * @param args the arguments by position
 * @param kwargs the arguments by name, as PyTorch writes it
 */
public record ModuleSpec(String module, List<@Nullable Object> args, Map<String, @Nullable Object> kwargs) {

    /** Copies what it is given, lists and maps in it too. */
    public ModuleSpec {
        args = list(args);
        kwargs = map(kwargs);
    }

    private static List<@Nullable Object> list(List<? extends @Nullable Object> values) {
        List<@Nullable Object> copy = new ArrayList<>(values.size());
        values.forEach(value -> copy.add(copy(value)));
        return Collections.unmodifiableList(copy);
    }

    private static <K> Map<K, @Nullable Object> map(Map<K, ? extends @Nullable Object> values) {
        Map<K, @Nullable Object> copy = new LinkedHashMap<>();
        values.forEach((key, value) -> copy.put(key, copy(value)));
        return Collections.unmodifiableMap(copy);
    }

    private static @Nullable Object copy(@Nullable Object value) {
        if (value instanceof Module<?, ?>) {
            return value; // some are lists or maps too
        } else if (value instanceof List<?> values) {
            return list(values);
        } else if (value instanceof Map<?, ?> values) {
            return map(values);
        } else if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        return value instanceof Float number ? (Object) number.doubleValue() : value;
    }

    /** Returns a module with arguments by position only. */
    public static ModuleSpec of(String module, @Nullable Object... args) {
        return new ModuleSpec(module, Arrays.asList(args), Map.of());
    }

    /** Returns a module with arguments by position and by name. */
    public static ModuleSpec of(
            String module, List<? extends @Nullable Object> args, Map<String, ? extends @Nullable Object> kwargs) {
        return new ModuleSpec(module, new ArrayList<>(args), new LinkedHashMap<>(kwargs));
    }

    // --- as JSON -----------------------------------------------------------------------------------------------

    /**
     * Reads a spec: {@code {"module": "Conv2d", "args": [3, 64, 7], "kwargs": {"stride": 2}}}, and what else {@link SpecJson}
     * tells. Names of modules and of their arguments are looked at now, values when the module is built. Tensors in it belong
     * to no scope.
     *
     * @param json one JSON document
     * @throws IllegalArgumentException if it is no JSON or no spec, with the place, what stands there, and the remedy
     */
    public static ModuleSpec fromJson(String json) {
        return SpecJson.spec(json);
    }

    /**
     * {@link #fromJson(String)} of a file in UTF-8, of at most 64 MiB.
     *
     * @throws IllegalArgumentException as there, with the file's name, and where there is no such file
     * @throws UncheckedIOException if the file cannot be read
     */
    public static ModuleSpec fromJson(Path file) {
        try {
            if (Files.isRegularFile(file) && Files.size(file) > MAX_FILE) {
                throw new IllegalArgumentException(
                        "it has " + Files.size(file) + " bytes; at most " + MAX_FILE + " are read");
            }
            return SpecJson.spec(Files.readAllBytes(file));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(file + ": there is no such file", e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static final long MAX_FILE = 64L << 20;

    /**
     * Returns the spec as JSON in several lines, which {@link #fromJson(String)} reads to an equal one (tensors are read to
     * equal values). Equal specs have the same text on every machine.
     *
     * @throws IllegalArgumentException if a value has no form in JSON, as a live module, naming its place
     */
    public String toJson() {
        return SpecJson.text(this);
    }

    // --- as a module -------------------------------------------------------------------------------------------

    /**
     * Makes the module, as PyTorch would by these arguments, with fresh parameters.
     *
     * @throws IllegalArgumentException if no module has this name, an argument is missing, unknown or of a wrong kind, or
     *     the module refuses its value
     */
    public Module<?, ?> build() {
        return Catalog.instance().build(this);
    }

    /**
     * Makes a class known, or replaces what a name stands for.
     *
     * <pre>{@code
     * ModuleSpec.register("Block(channels, depth=2, *, bias=True)",
     *         a -> new Block(a.integer("channels"), a.integer("depth"), a.bool("bias")));
     * }</pre>
     *
     * @param signature the name and the parameters as Python writes them: {@code *} before those given by name only, defaults
     *     that are numbers, strings, {@code True}, {@code False}, {@code None}, {@code ()} or a
     *     function as {@code F.relu}, {@code *args} and {@code **kwargs} for any others
     * @param builder makes a module of its arguments
     * @throws IllegalArgumentException if the signature cannot be read
     */
    public static void register(String signature, Builder builder) {
        Catalog.instance().add(signature, builder);
    }

    /** Returns the names of all modules that can be made. */
    public static Set<String> names() {
        return Catalog.instance().names();
    }

    /**
     * Returns the constructor of a module as {@link #register} takes it.
     *
     * @throws IllegalArgumentException if no module has this name
     */
    public static String signature(String module) {
        return Catalog.instance().entry(module).signature().toString();
    }

    /** Makes a module of its arguments. */
    @FunctionalInterface
    public interface Builder {
        /** Returns the module that {@code arguments} describe. */
        Module<?, ?> build(Arguments arguments);
    }
}
