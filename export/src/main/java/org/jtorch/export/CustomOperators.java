package org.jtorch.export;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.export.internal.run.OperatorRegistry;

/**
 * Operators that the engine does not have, such as those of {@code torchvision}, written in Java for exported programs that call
 * them. {@code torchvision::nms} and {@code torchvision::roi_align} are registered.
 *
 * <pre>{@code
 * CustomOperators.register("mylib::scaled(Tensor x, float factor=2.0) -> Tensor",
 *         arguments -> List.of(((Tensor) arguments.get(0)).mul((Double) arguments.get(1))));
 * }</pre>
 */
public final class CustomOperators {

    /** Computes the results of an operator. */
    @FunctionalInterface
    public interface Implementation {

        /**
         * Computes the results.
         *
         * @param arguments the arguments in the order of the schema, with defaults in place of those that were left out: tensors,
         *     {@code Long}, {@code Double}, {@code Boolean}, {@code String}, lists of these, and null
         * @return the results in the order of the schema
         */
        List<? extends @Nullable Object> call(List<@Nullable Object> arguments);
    }

    private CustomOperators() {}

    /**
     * Registers an operator for all programs that are loaded afterwards. An operator of the same name is replaced, also one of the
     * engine. {@link Compiled} calls it as it is, and does not fold it or fuse it with others.
     *
     * @param schema the schema as PyTorch writes it, such as {@code "mylib::scaled(Tensor x, float factor=2.0) -> Tensor"}
     * @param implementation computes the results
     * @throws IllegalArgumentException if the schema cannot be read
     */
    public static void register(String schema, Implementation implementation) {
        Objects.requireNonNull(implementation, "implementation");
        OperatorRegistry.add(schema, implementation::call);
    }
}
