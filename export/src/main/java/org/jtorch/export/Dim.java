package org.jtorch.export;

/**
 * A size of the inputs that may change from call to call, as PyTorch's {@code torch.export.Dim}. Dimensions with the same {@code
 * Dim} have the same size.
 *
 * <pre>{@code
 * Dim batch = Dim.of("batch", 1, 64);
 * ExportedProgram program = ExportedProgram.of(model, x, o -> o.dynamic("input", 0, batch));
 * }</pre>
 *
 * @param name the name, for messages
 * @param min the least size, at least 0
 * @param max the greatest size
 */
public record Dim(String name, long min, long max) {

    /** Creates a dimension. */
    public Dim {
        if (min < 0 || max <= min) {
            throw new IllegalArgumentException(
                    "the sizes of '" + name + "' are " + min + " to " + max
                            + ", but there must be at least two, none of them negative; a dimension of one size is not dynamic");
        }
    }

    /** Returns a dimension of any size from 0. */
    public static Dim of(String name) {
        return new Dim(name, 0, Long.MAX_VALUE);
    }

    /** Returns a dimension of a size between two limits, which are included. */
    public static Dim of(String name, long min, long max) {
        return new Dim(name, min, max);
    }
}
