package org.jtorch.export.internal.passes;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/**
 * How much a value of a rewritten program may differ from that of the plain one: {@code |a - b| <= absolute + relative * |b|}.
 *
 * @param relative the part of the value
 * @param absolute the part that does not depend on the value
 */
public record Tolerance(double relative, double absolute) {

    /**
     * Creates a tolerance.
     *
     * @throws IllegalArgumentException if one is negative or NaN
     */
    public Tolerance {
        if (!(relative >= 0) || !(absolute >= 0)) {
            throw new IllegalArgumentException(
                    "the tolerance is " + relative + " and " + absolute + ", but both must be at least 0");
        }
    }

    /** Returns how a value differs, such as {@code differs by 0.5}, or null if it does not differ by more than is allowed. */
    public @Nullable String difference(Tensor actual, Tensor expected) {
        if (!actual.size().equals(expected.size())) {
            return "has shape " + actual.size() + " in place of " + expected.size();
        }
        if (actual.dtype() != expected.dtype()) {
            return "has dtype " + actual.dtype() + " in place of " + expected.dtype();
        }
        if (actual.equal(expected) || actual.allclose(expected, relative, absolute, true)) {
            return null;
        }
        double difference = actual.isFloatingPoint() || actual.isComplex()
                ? actual.sub(expected).abs().max().item()
                : actual.ne(expected).sum().item();
        return actual.isFloatingPoint() || actual.isComplex()
                ? "differs by " + difference
                : "differs in " + (long) difference + " elements";
    }
}
