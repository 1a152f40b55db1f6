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
 * values by name, a {@link FunctionSpec}, a module, or a {@code ModuleSpec}, which is built together with the outer one. Whole
 * numbers are kept as {@code Long} and others as {@code Double}, like Python's types, so {@code ModuleSpec.of("ReLU6")} is
 * equal to the result of {@link #fromJson(String)} for its text.
 *
 * <p>A spec is data: {@link #toJson} writes it and {@link #fromJson(String)} reads it, in the format that {@link SpecJson}
 * describes.
 *
 * @param module the simple name of the class
 * @param args the arguments by position
 * @param kwargs the arguments by name, as PyTorch writes them
 */
public record ModuleSpec(String module, List<@Nullable Object> args, Map<String, @Nullable Object> kwargs) {

    /** Creates a spec of copies of the arguments, including nested lists and maps. */
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
            return value; // Some modules are lists or maps too.
        } else if (value instanceof List<?> values) {
            return list(values);
        } else if (value instanceof Map<?, ?> values) {
            return map(values);
        } else if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        return value instanceof Float number ? (Object) number.doubleValue() : value;
    }

    /** Returns the spec of a module with arguments by position only. */
    public static ModuleSpec of(String module, @Nullable Object... args) {
        return new ModuleSpec(module, Arrays.asList(args), Map.of());
    }

    /** Returns the spec of a module with arguments by position and by name. */
    public static ModuleSpec of(
            String module, List<? extends @Nullable Object> args, Map<String, ? extends @Nullable Object> kwargs) {
        return new ModuleSpec(module, new ArrayList<>(args), new LinkedHashMap<>(kwargs));
    }

    // --- as JSON -----------------------------------------------------------------------------------------------

    /**
     * Reads a spec such as {@code {"module": "Conv2d", "args": [3, 64, 7], "kwargs": {"stride": 2}}}, in the format that
     * {@link SpecJson} describes. The names of modules and their arguments are checked now; values are checked when the module
     * is built. Tensors in the spec belong to no scope.
     *
     * @param json a JSON document
     * @throws IllegalArgumentException if it is not JSON or not a spec; the message gives the position, what was found there,
     *     and the remedy
     */
    public static ModuleSpec fromJson(String json) {
        return SpecJson.spec(json);
    }

    /**
     * Reads a spec from a file in UTF-8 of at most 64 MiB, as {@link #fromJson(String)} does.
     *
     * @throws IllegalArgumentException as for a string, with the name of the file; also if there is no such file
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
     * Returns the spec as JSON on several lines. {@link #fromJson(String)} reads it as an equal spec; tensors have equal
     * values. Equal specs have the same text on every machine.
     *
     * @throws IllegalArgumentException if a value cannot be written as JSON, such as a module; the message gives its position
     */
    public String toJson() {
        return SpecJson.text(this);
    }

    // --- as a module -------------------------------------------------------------------------------------------

    /**
     * Builds the module as PyTorch would with these arguments, with new parameters.
     *
     * @throws IllegalArgumentException if no module has this name, if an argument is missing, unknown or of a wrong type, or if
     *     the module rejects its value
     */
    public Module<?, ?> build() {
        return Catalog.instance().build(this);
    }

    /**
     * Registers a class, or replaces the class registered with the same name.
     *
     * <pre>{@code
     * ModuleSpec.register("Block(channels, depth=2, *, bias=True)",
     *         a -> new Block(a.integer("channels"), a.integer("depth"), a.bool("bias")));
     * }</pre>
     *
     * @param signature the name and the parameters as Python writes them. A {@code *} precedes those given only by name.
     *     Defaults are numbers, strings, {@code True}, {@code False}, {@code None}, {@code ()} or a function such as
     *     {@code F.relu}. {@code *args} and {@code **kwargs} accept any further arguments
     * @param builder builds a module from its arguments
     * @throws IllegalArgumentException if the signature cannot be read
     */
    public static void register(String signature, Builder builder) {
        Catalog.instance().add(signature, builder);
    }

    /** Returns the names of all modules that can be built. */
    public static Set<String> names() {
        return Catalog.instance().names();
    }

    /**
     * Returns the signature of a module in the form that {@link #register} accepts.
     *
     * @throws IllegalArgumentException if no module has this name
     */
    public static String signature(String module) {
        return Catalog.instance().entry(module).signature().toString();
    }

    /** Builds a module from its arguments. */
    @FunctionalInterface
    public interface Builder {
        /** Returns the module that {@code arguments} describe. */
        Module<?, ?> build(Arguments arguments);
    }
}
