package org.jtorch;

import org.jtorch.internal.text.PythonNumbers;

/**
 * A format for all elements of a tensor, so that they form columns. PyTorch's printing chooses it by the values.
 */
final class ElementFormat {

    /** Formats the element at an index. */
    interface Text {
        String of(int index);
    }

    private final int width;
    private final Text text;

    private ElementFormat(int width, Text text) {
        this.width = width;
        this.text = text;
    }

    /** Returns a format for elements that have only one text form, such as integers and booleans. */
    static ElementFormat plain(int count, Text text) {
        int width = 1;
        for (int i = 0; i < count; i++) {
            width = Math.max(width, text.of(i).length());
        }
        return new ElementFormat(width, text);
    }

    /** Returns a format for real numbers: {@code values[offset], values[offset + step], …}. */
    static ElementFormat real(double[] values, int offset, int step, PrintOptions options) {
        double least = Double.POSITIVE_INFINITY;
        double greatest = 0;
        boolean integers = true;
        for (int i = offset; i < values.length; i += step) {
            double size = Math.abs(values[i]);
            if (size == 0 || !Double.isFinite(size)) {
                continue; // infinities and NaN do not influence the choice
            }
            least = Math.min(least, size);
            greatest = Math.max(greatest, size);
            integers &= values[i] == Math.rint(values[i]);
        }
        int precision = options.precision();
        if (greatest == 0) {
            return new ElementFormat(1, at -> whole(values[offset + at * step]));
        }
        boolean exponents = options.sciMode() == null
                ? greatest / least > 1000 || greatest > 1e8 || least < 1e-4
                : options.sciMode();
        Text text;
        if (exponents) {
            text = at -> PythonNumbers.scientific(values[offset + at * step], precision);
        } else if (integers) {
            text = at -> whole(values[offset + at * step]);
        } else {
            text = at -> PythonNumbers.fixed(values[offset + at * step], precision);
        }
        int width = 1;
        for (int i = offset, at = 0; i < values.length; i += step, at++) {
            if (values[i] != 0 && Double.isFinite(values[i])) {
                width = Math.max(width, text.of(at).length());
            }
        }
        return new ElementFormat(width, text);
    }

    /** Formats a number without a fraction, followed by a point. */
    private static String whole(double value) {
        return PythonNumbers.fixed(value, 0) + (Double.isFinite(value) ? "." : "");
    }

    /** Returns the number of characters of the longest element. */
    int width() {
        return width;
    }

    /** Returns the element at {@code index}, padded on the left. */
    String format(int index) {
        String plain = text.of(index);
        return " ".repeat(Math.max(0, width - plain.length())) + plain;
    }
}
