package org.jtorch;

import org.jspecify.annotations.Nullable;

/**
 * The format in which tensors are printed, as in PyTorch's {@code torch.set_printoptions}.
 *
 * @param precision the number of digits after the point; the default is 4
 * @param threshold the number of elements above which a tensor is summarized; the default is 1000
 * @param edgeitems the number of elements that a summary shows at the start and at the end of each dimension; the default
 *     is 3
 * @param linewidth the number of characters in a line; the default is 80
 * @param sciMode whether numbers are written with exponents; null, the default, uses them if the text is then easier to
 *     read
 * @see Torch#setPrintoptions
 */
public record PrintOptions(
        int precision,
        long threshold,
        int edgeitems,
        int linewidth,
        @Nullable Boolean sciMode) {

    /** The default options, which are PyTorch's. */
    public static final PrintOptions DEFAULT = new PrintOptions(4, 1000, 3, 80, null);

    static volatile PrintOptions current = DEFAULT;

    /** Creates options. */
    public PrintOptions {
        if (precision < 0 || threshold < 0 || edgeitems < 0 || linewidth < 1) {
            throw new IllegalArgumentException("print options cannot be negative: precision " + precision
                    + ", threshold " + threshold + ", edgeitems " + edgeitems + ", linewidth " + linewidth);
        }
    }

    /** Returns these options with another precision. */
    public PrintOptions precision(int newPrecision) {
        return new PrintOptions(newPrecision, threshold, edgeitems, linewidth, sciMode);
    }

    /** Returns these options with another threshold. With {@link Long#MAX_VALUE}, tensors are never summarized. */
    public PrintOptions threshold(long newThreshold) {
        return new PrintOptions(precision, newThreshold, edgeitems, linewidth, sciMode);
    }

    /** Returns these options with another number of edge items. */
    public PrintOptions edgeitems(int newEdgeitems) {
        return new PrintOptions(precision, threshold, newEdgeitems, linewidth, sciMode);
    }

    /** Returns these options with another line width. */
    public PrintOptions linewidth(int newLinewidth) {
        return new PrintOptions(precision, threshold, edgeitems, newLinewidth, sciMode);
    }

    /** Returns these options with exponents always (true), never (false), or if they are easier to read (null). */
    public PrintOptions sciMode(@Nullable Boolean newSciMode) {
        return new PrintOptions(precision, threshold, edgeitems, linewidth, newSciMode);
    }
}
