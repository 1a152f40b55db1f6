package org.jtorch.export.graph;

import org.jspecify.annotations.Nullable;

/**
 * The values that a symbol may have.
 *
 * @param minVal the least value; null if there is no limit
 * @param maxVal the greatest value; null if there is no limit
 */
public record RangeConstraint(
        @Nullable Long minVal, @Nullable Long maxVal) {

    /** Returns whether a value is allowed. */
    public boolean contains(long value) {
        return (minVal == null || value >= minVal) && (maxVal == null || value <= maxVal);
    }

    /** Returns the range as {@code 2 to 64}. */
    @Override
    public String toString() {
        return minVal == null
                ? maxVal == null ? "any" : "at most " + maxVal
                : maxVal == null ? "at least " + minVal : minVal + " to " + maxVal;
    }
}
