package org.jtorch.internal.guards;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** Checks integer division. The quotient of the least integer and -1 does not fit, and the CPU ends the process. */
public final class Integers {

    private Integers() {}

    /**
     * Refuses this quotient if it is rounded towards zero, since the engine then uses the CPU's division.
     *
     * @throws ArithmeticException if a quotient does not fit
     */
    public static void checkDivision(Tensor self, Tensor other, @Nullable String rounding) {
        if ("trunc".equals(rounding) && isWide(self) && isWide(other)) {
            ScalarType type = torch.promoteTypes(self.scalar_type(), other.scalar_type());
            if (has(other, -1)) {
                refuseLeast(self, type);
            }
        }
    }

    /**
     * Refuses this quotient for a number as divisor.
     *
     * @throws ArithmeticException if a quotient does not fit
     */
    public static void checkDivision(Tensor self, Number other, @Nullable String rounding) {
        boolean integral =
                other instanceof Integer || other instanceof Long || other instanceof Short || other instanceof Byte;
        // the number is converted to the tensor's type first: 2^32 - 1 is -1 as an int32
        if ("trunc".equals(rounding)
                && integral
                && isWide(self)
                && (other.longValue() == -1
                        || (self.scalar_type().intern() == ScalarType.Int && other.intValue() == -1))) {
            refuseLeast(self, self.scalar_type());
        }
    }

    /**
     * Refuses the least integer for the greatest common divisor and the least common multiple. Its absolute value does not
     * fit, and the engine then divides it by -1.
     *
     * @throws ArithmeticException if an element is the least integer
     */
    public static void checkDivisors(Tensor self, Tensor other) {
        if (!isWide(self) || !isWide(other)) {
            return;
        }
        boolean isLong =
                torch.promoteTypes(self.scalar_type(), other.scalar_type()).intern() == ScalarType.Long;
        long least = isLong ? Long.MIN_VALUE : Integer.MIN_VALUE;
        if (has(self, least) || has(other, least)) {
            throw new ArithmeticException(
                    "the absolute value of " + least + " does not fit into " + (isLong ? "int64" : "int32"));
        }
    }

    /** Returns whether the CPU divides elements of this type directly. Shorter types are converted to 32 bits first. */
    private static boolean isWide(Tensor tensor) {
        ScalarType type = tensor.scalar_type().intern();
        return (type == ScalarType.Int
                        || type == ScalarType.Long
                        || type == ScalarType.Short
                        || type == ScalarType.Char
                        || type == ScalarType.Byte
                        || type == ScalarType.Bool)
                && !tensor.is_meta();
    }

    private static void refuseLeast(Tensor self, ScalarType type) {
        long least = type.intern() == ScalarType.Long ? Long.MIN_VALUE : Integer.MIN_VALUE;
        if (has(self, least)) {
            throw new ArithmeticException("the quotient of " + least + " and -1 does not fit into "
                    + (least == Long.MIN_VALUE ? "int64" : "int32"));
        }
    }

    private static boolean has(Tensor tensor, long value) {
        try (Scalar scalar = new Scalar(value);
                Tensor equal = torch.eq(tensor, scalar);
                Tensor any = equal.any()) {
            return any.item_bool();
        }
    }
}
