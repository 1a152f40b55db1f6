package org.jtorch.nn.internal;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Values as Python writes them, for texts that equal PyTorch's. */
public final class PythonText {

    private PythonText() {}

    /** {@code True} or {@code False}. */
    public static String of(boolean value) {
        return value ? "True" : "False";
    }

    /** A float: {@code 0.1}, {@code 1e-05}, {@code 2.0}, {@code inf}; {@code None} for null. */
    public static String of(@Nullable Double value) {
        return value == null ? "None" : of(value.doubleValue());
    }

    /** A number as it was given: an int without a point, else a float; {@code None} for null. */
    public static String number(@Nullable Number value) {
        return value instanceof Double || value instanceof Float
                ? of(value.doubleValue())
                : value == null ? "None" : value.toString();
    }

    /** A float: {@code 0.1}, {@code 1e-05}, {@code 2.0}, {@code inf}. */
    public static String of(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        String sign = Double.doubleToRawLongBits(value) < 0 ? "-" : "";
        if (value == 0) {
            return sign + "0.0";
        }
        BigDecimal shortest = shortest(Math.abs(value));
        String digits = shortest.unscaledValue().toString();
        int exponent = digits.length() - shortest.scale() - 1;
        return sign + (exponent < -4 || exponent >= 16 ? scientific(digits, exponent) : plain(digits, exponent));
    }

    /**
     * The fewest digits that read back as {@code value}, and of these the nearest to it. {@link Double#toString} gives more
     * than those before JDK 19.
     */
    private static BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; ; digits++) {
            BigDecimal below = exact.round(new MathContext(digits, RoundingMode.DOWN));
            BigDecimal above = exact.round(new MathContext(digits, RoundingMode.UP));
            boolean belowIsValue = below.doubleValue() == value;
            boolean aboveIsValue = above.doubleValue() == value;
            if (belowIsValue || aboveIsValue) {
                boolean takeBelow =
                        belowIsValue && (!aboveIsValue || exact.subtract(below).compareTo(above.subtract(exact)) <= 0);
                return (takeBelow ? below : above).stripTrailingZeros();
            }
        }
    }

    private static String scientific(String digits, int exponent) {
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        String magnitude = Math.abs(exponent) < 10 ? "0" + Math.abs(exponent) : String.valueOf(Math.abs(exponent));
        return mantissa + (exponent < 0 ? "e-" : "e+") + magnitude;
    }

    private static String plain(String digits, int exponent) {
        if (exponent < 0) {
            return "0." + "0".repeat(-exponent - 1) + digits;
        }
        int whole = exponent + 1;
        return digits.length() <= whole
                ? digits + "0".repeat(whole - digits.length()) + ".0"
                : digits.substring(0, whole) + "." + digits.substring(whole);
    }

    /** A tuple of ints: {@code ()}, {@code (3,)}, {@code (3, 4)}. */
    public static String tuple(long... values) {
        StringBuilder out = new StringBuilder("(");
        for (int i = 0; i < values.length; i++) {
            out.append(i == 0 ? "" : ", ").append(values[i]);
        }
        return out.append(values.length == 1 ? ",)" : ")").toString();
    }

    /** An int where there is one value, else a tuple: how a size that was given either way is shown. */
    public static String intOrTuple(long... values) {
        return values.length == 1 ? String.valueOf(values[0]) : tuple(values);
    }

    /** A float where there is one value, else a tuple of floats. */
    public static String floatOrTuple(double... values) {
        if (values.length == 1) {
            return of(values[0]);
        }
        StringBuilder out = new StringBuilder("(");
        for (int i = 0; i < values.length; i++) {
            out.append(i == 0 ? "" : ", ").append(of(values[i]));
        }
        return out.append(")").toString();
    }

    /** A shape: {@code torch.Size([2, 3])}. */
    public static String size(long... shape) {
        StringBuilder out = new StringBuilder("torch.Size([");
        for (int i = 0; i < shape.length; i++) {
            out.append(i == 0 ? "" : ", ").append(shape[i]);
        }
        return out.append("])").toString();
    }
}
