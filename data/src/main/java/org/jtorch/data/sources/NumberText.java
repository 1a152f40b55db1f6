package org.jtorch.data.sources;

import java.math.BigDecimal;
import java.util.Locale;

/** Numbers from text, as Python's {@code float} and {@code int} read them, without underscores. */
final class NumberText {

    private NumberText() {}

    /** @throws NumberFormatException if the text is not a number */
    static double toDouble(String text) {
        String number = text.strip();
        if (number.isEmpty()) {
            throw new NumberFormatException(text);
        }
        char last = number.charAt(number.length() - 1);
        // Java also reads 1d, 1f, 0x1p3 and NaN with a sign in its own spelling.
        if ((last >= '0' && last <= '9') || last == '.') {
            if (number.indexOf('x') >= 0 || number.indexOf('X') >= 0) {
                throw new NumberFormatException(text);
            }
            return Double.parseDouble(number);
        }
        String word = number.toLowerCase(Locale.ROOT);
        boolean negative = word.startsWith("-");
        return switch (negative || word.startsWith("+") ? word.substring(1) : word) {
            case "nan" -> Double.NaN;
            case "inf", "infinity" -> negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
            default -> throw new NumberFormatException(text);
        };
    }

    /** @throws NumberFormatException if the text is not an integer within the range of a long */
    static long toLong(String text) {
        String number = text.strip();
        try {
            return Long.parseLong(number);
        } catch (NumberFormatException notPlain) {
            try {
                // An exponent of many digits would make an integer of as many.
                BigDecimal exact = new BigDecimal(number);
                if (exact.signum() == 0) {
                    return 0;
                }
                if (exact.precision() - exact.scale() > 19) {
                    throw notPlain;
                }
                return exact.longValueExact();
            } catch (ArithmeticException e) {
                throw notPlain;
            }
        }
    }
}
