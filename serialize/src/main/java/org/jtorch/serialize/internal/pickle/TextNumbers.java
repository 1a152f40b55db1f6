package org.jtorch.serialize.internal.pickle;

import java.math.BigInteger;
import org.jtorch.serialize.format.CheckpointException;

/** Reads numbers of pickle's protocol 0, which are text. */
public final class TextNumbers {

    private TextNumbers() {}

    /** Returns an int. {@code 00} and {@code 01} are False and True. */
    static Object integer(String text, int maxBytes) {
        return switch (text) {
            case "00" -> false;
            case "01" -> true;
            default -> number(text, maxBytes);
        };
    }

    /** Returns an int. Python 2 writes {@code L} after a long one. */
    static Number number(String text, int maxBytes) {
        String digits = text.endsWith("L") ? text.substring(0, text.length() - 1) : text;
        // a byte has fewer than 2.5 digits; the time for the conversion grows with the square of their number
        if (digits.length() > maxBytes * 2.5) {
            throw new CheckpointException(
                    "an int of " + digits.length() + " digits; at most " + maxBytes + " bytes are read");
        }
        if (!digits.matches("[+-]?[0-9]+")) {
            throw new CheckpointException("'" + shown(text) + "' is not an int");
        }
        BigInteger value = new BigInteger(digits);
        if (value.bitLength() < Long.SIZE) {
            return value.longValue();
        }
        return value;
    }

    /** Returns a float. */
    static Double real(String text) {
        switch (text) {
            case "inf":
                return Double.POSITIVE_INFINITY;
            case "-inf":
                return Double.NEGATIVE_INFINITY;
            case "nan", "-nan":
                return Double.NaN;
            default:
                break;
        }
        if (text.length() > 64 || !text.matches("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?")) {
            throw new CheckpointException("'" + shown(text) + "' is not a float");
        }
        return Double.valueOf(text);
    }

    /** Returns the beginning of {@code text}, for messages. */
    static String shown(String text) {
        String start = text.length() > 40 ? text.substring(0, 40) + "..." : text;
        return start.replaceAll("[^ -~]", "?");
    }
}
