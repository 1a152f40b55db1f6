package org.jtorch.internal.text;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Formats numbers as Python does. */
public final class PythonNumbers {

    private PythonNumbers() {}

    /** Returns Python's {@code f"{value:.{digits}f}"}: the exact binary value, rounded half to even. */
    public static String fixed(double value, int digits) {
        if (!Double.isFinite(value)) {
            return nonFinite(value);
        }
        String text = new BigDecimal(Math.abs(value))
                .setScale(digits, RoundingMode.HALF_EVEN)
                .toPlainString();
        return negative(value) ? "-" + text : text;
    }

    /** Returns Python's {@code f"{value:.{digits}e}"}. */
    public static String scientific(double value, int digits) {
        if (!Double.isFinite(value)) {
            return nonFinite(value);
        }
        StringBuilder out = new StringBuilder();
        if (negative(value)) {
            out.append('-');
        }
        int exponent = 0;
        String figures = "0".repeat(digits + 1);
        if (value != 0) {
            BigDecimal rounded =
                    new BigDecimal(Math.abs(value)).round(new MathContext(digits + 1, RoundingMode.HALF_EVEN));
            exponent = rounded.precision() - rounded.scale() - 1;
            String unscaled = rounded.unscaledValue().toString();
            figures = unscaled.length() > digits + 1
                    ? unscaled.substring(0, digits + 1)
                    : unscaled + "0".repeat(digits + 1 - unscaled.length());
        }
        out.append(figures.charAt(0));
        if (digits > 0) {
            out.append('.').append(figures, 1, digits + 1);
        }
        out.append('e').append(exponent < 0 ? '-' : '+');
        int size = Math.abs(exponent);
        return out.append(size < 10 ? "0" : "").append(size).toString();
    }

    /** Returns Python's {@code repr} of a float. */
    public static String repr(double value) {
        if (!Double.isFinite(value)) {
            return nonFinite(value);
        }
        if (value == 0) {
            return negative(value) ? "-0.0" : "0.0";
        }
        BigDecimal shortest = shortest(value);
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            String plain = shortest.toPlainString();
            return plain.indexOf('.') < 0 ? plain + ".0" : plain;
        }
        String figures = shortest.unscaledValue().abs().toString();
        String mantissa = figures.length() == 1 ? figures : figures.charAt(0) + "." + figures.substring(1);
        int size = Math.abs(exponent);
        return (value < 0 ? "-" : "") + mantissa + "e" + (exponent < 0 ? "-" : "+") + (size < 10 ? "0" : "") + size;
    }

    /**
     * Returns the number with the fewest digits that is read back as {@code value}, and the nearest of these. Before JDK
     * 19, {@link Double#toString} returns more digits in some cases.
     */
    private static BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; ; digits++) {
            BigDecimal inner = exact.round(new MathContext(digits, RoundingMode.DOWN));
            BigDecimal outer = exact.round(new MathContext(digits, RoundingMode.UP));
            boolean innerIsValue = inner.doubleValue() == value;
            boolean outerIsValue = outer.doubleValue() == value;
            if (innerIsValue || outerIsValue) {
                boolean takeInner = innerIsValue
                        && (!outerIsValue
                                || exact.subtract(inner)
                                                .abs()
                                                .compareTo(outer.subtract(exact).abs())
                                        <= 0);
                return (takeInner ? inner : outer).stripTrailingZeros();
            }
        }
    }

    /** Returns a tuple of integers: {@code (2, 3)}, {@code (2,)} or {@code ()}. */
    public static String tuple(long... values) {
        StringBuilder out = new StringBuilder("(");
        for (int i = 0; i < values.length; i++) {
            out.append(i == 0 ? "" : ", ").append(values[i]);
        }
        return out.append(values.length == 1 ? ",)" : ")").toString();
    }

    private static boolean negative(double value) {
        return Double.doubleToRawLongBits(value) < 0;
    }

    private static String nonFinite(double value) {
        return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    }
}
