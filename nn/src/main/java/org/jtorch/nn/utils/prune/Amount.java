package org.jtorch.nn.utils.prune;

import org.jtorch.internal.text.PythonText;

/** The amount to prune: a fraction in [0, 1], or a number of entries or channels. */
record Amount(Number value) {

    Amount {
        boolean valid = isCount(value) ? value.longValue() >= 0 : value.doubleValue() >= 0 && value.doubleValue() <= 1;
        if (!valid) {
            throw new IllegalArgumentException("amount=" + text(value)
                    + " should either be a float in the range [0, 1] or a non-negative integer");
        }
    }

    private static boolean isCount(Number value) {
        return value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte;
    }

    private static String text(Number value) {
        return isCount(value) ? String.valueOf(value) : PythonText.of(value.doubleValue());
    }

    /** Returns the amount for {@code size} items. A fraction is rounded, half to even. */
    long of(long size) {
        long count = isCount(value) ? value.longValue() : (long) Math.rint(value.doubleValue() * size);
        if (count > size) {
            throw new IllegalArgumentException(
                    "amount=" + count + " should be smaller than the number of parameters to prune=" + size);
        }
        return count;
    }
}
