package org.jtorch;

import org.jspecify.annotations.Nullable;

/**
 * How tensors print, as PyTorch's {@code torch.set_printoptions} has it.
 *
 * @param precision digits after the point, 4
 * @param threshold more elements than this are summarised, 1000
 * @param edgeitems how many of each dimension a summary shows at its start and its end, 3
 * @param linewidth characters a line, 80
 * @param sciMode whether numbers are written with exponents; null, the default: where that is shorter to read
 * @see Torch#setPrintoptions
 */
public record PrintOptions(
        int precision,
        long threshold,
        int edgeitems,
        int linewidth,
        @Nullable Boolean sciMode) {

    /** PyTorch's defaults. */
    public static final PrintOptions DEFAULT = new PrintOptions(4, 1000, 3, 80, null);

    static volatile PrintOptions current = DEFAULT;

    /** Checks the numbers. */
    public PrintOptions {
        if (precision < 0 || threshold < 0 || edgeitems < 0 || linewidth < 1) {
            throw new IllegalArgumentException("print options cannot be negative: precision " + precision
                    + ", threshold " + threshold + ", edgeitems " + edgeitems + ", linewidth " + linewidth);
        }
    }

    /** These options with another precision. */
    public PrintOptions precision(int newPrecision) {
        return new PrintOptions(newPrecision, threshold, edgeitems, linewidth, sciMode);
    }

    /** These options with another threshold; {@link Long#MAX_VALUE} never summarises. */
    public PrintOptions threshold(long newThreshold) {
        return new PrintOptions(precision, newThreshold, edgeitems, linewidth, sciMode);
    }

    /** These options with another number of edge items. */
    public PrintOptions edgeitems(int newEdgeitems) {
        return new PrintOptions(precision, threshold, newEdgeitems, linewidth, sciMode);
    }

    /** These options with another line width. */
    public PrintOptions linewidth(int newLinewidth) {
        return new PrintOptions(precision, threshold, edgeitems, newLinewidth, sciMode);
    }

    /** These options with exponents on, off, or (null) by choice. */
    public PrintOptions sciMode(@Nullable Boolean newSciMode) {
        return new PrintOptions(precision, threshold, edgeitems, linewidth, newSciMode);
    }
}
