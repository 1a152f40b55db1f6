package org.jtorch.nn.spec;

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
 * null, {@code DType}, {@code Device}, {@code Tensor}, a {@code List} of values (Python's list or tuple), a
 * {@link FunctionSpec}, a module, or a {@code ModuleSpec}, which is built with it.
 *
 * @param module the class's name, without its package
 * @param args the arguments by position
 * @param kwargs the arguments by name, as PyTorch writes it
 */
public record ModuleSpec(String module, List<@Nullable Object> args, Map<String, @Nullable Object> kwargs) {

    /** Copies what it is given. */
    public ModuleSpec {
        args = Collections.unmodifiableList(new ArrayList<>(args));
        kwargs = Collections.unmodifiableMap(new LinkedHashMap<>(kwargs));
    }

    /** A module with arguments by position only. */
    public static ModuleSpec of(String module, @Nullable Object... args) {
        return new ModuleSpec(module, Arrays.asList(args), Map.of());
    }

    /** A module with arguments by position and by name. */
    public static ModuleSpec of(
            String module, List<? extends @Nullable Object> args, Map<String, ? extends @Nullable Object> kwargs) {
        return new ModuleSpec(module, new ArrayList<>(args), new LinkedHashMap<>(kwargs));
    }

    /**
     * Makes the module, as PyTorch would by these arguments, with fresh parameters.
     *
     * @throws IllegalArgumentException where no module has this name, an argument is missing, unknown or of a wrong kind, or
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
     * @throws IllegalArgumentException where the signature cannot be read
     */
    public static void register(String signature, Builder builder) {
        Catalog.instance().add(signature, builder);
    }

    /** The names of all modules that can be made. */
    public static Set<String> names() {
        return Catalog.instance().names();
    }

    /**
     * The constructor of a module as {@link #register} takes it.
     *
     * @throws IllegalArgumentException where no module has this name
     */
    public static String signature(String module) {
        return Catalog.instance().entry(module).signature().toString();
    }

    /** Makes a module of its arguments. */
    @FunctionalInterface
    public interface Builder {
        /** The module that {@code arguments} describe. */
        Module<?, ?> build(Arguments arguments);
    }
}
