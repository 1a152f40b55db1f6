package org.jtorch.export;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of an exported program as Python passes them: {@code Inputs.of(ids).with("attention_mask", mask)}.
 *
 * @param args the arguments by position: tensors, numbers, booleans, strings, null, and lists and maps of these
 * @param kwargs the arguments by name
 */
public record Inputs(List<@Nullable Object> args, Map<String, @Nullable Object> kwargs) {

    /** Creates arguments. */
    public Inputs {
        args = Collections.unmodifiableList(new ArrayList<>(args));
        kwargs = Collections.unmodifiableMap(new LinkedHashMap<>(kwargs));
    }

    /** Returns arguments by position. */
    public static Inputs of(@Nullable Object... args) {
        Objects.requireNonNull(args, "args: pass one argument that is null as Inputs.of((Object) null)");
        return new Inputs(Arrays.asList(args), Map.of());
    }

    /** Returns these arguments and another one by name. */
    public Inputs with(String name, @Nullable Object value) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>(kwargs);
        all.put(name, value);
        return new Inputs(args, all);
    }

    /**
     * Returns the arguments that a module's input stands for.
     *
     * @param named returns the arguments that a record stands for
     */
    static Inputs given(@Nullable Object input, Function<Record, Inputs> named) {
        if (input instanceof Inputs inputs) {
            return inputs;
        }
        if (input instanceof Record node) {
            return named.apply(node);
        }
        return input instanceof List<?> list
                ? new Inputs(new ArrayList<>(list), Map.of())
                : new Inputs(Collections.singletonList(input), Map.of());
    }
}
