package org.jtorch.models.images;

import java.util.function.DoubleUnaryOperator;

/** How pixels are joined when an image gets another size: the filters of Pillow. */
public enum Resampling {
    /** The nearest pixel. */
    NEAREST(0, 0, x -> 1),
    /** The mean of the pixels that a new one covers. */
    BOX(4, 0.5, Resampling::box),
    /** Linear in both directions. */
    BILINEAR(2, 1, Resampling::triangle),
    /** As sharp as bicubic when an image gets smaller, without its rings. */
    HAMMING(5, 1, Resampling::hamming),
    /** Cubic in both directions. */
    BICUBIC(3, 2, Resampling::cubic),
    /** The sharpest one. */
    LANCZOS(1, 3, Resampling::lanczos);

    /** The parameter of the cubic filter. */
    private static final double A = -0.5;

    private final int code;

    /** How far the filter reaches, in pixels of the smaller image. */
    final double support;

    final DoubleUnaryOperator weight;

    Resampling(int code, double support, DoubleUnaryOperator weight) {
        this.code = code;
        this.support = support;
        this.weight = weight;
    }

    /** Returns the number of the filter in Pillow, as in the value {@code resample} of {@code preprocessor_config.json}. */
    public int code() {
        return code;
    }

    private static double box(double x) {
        return x > -0.5 && x <= 0.5 ? 1 : 0;
    }

    private static double triangle(double x) {
        return Math.max(1 - Math.abs(x), 0);
    }

    private static double hamming(double at) {
        double x = Math.abs(at);
        return x < 1 ? sinc(x) * (0.54 + 0.46 * Math.cos(x * Math.PI)) : 0;
    }

    private static double cubic(double at) {
        double x = Math.abs(at);
        if (x < 1) {
            return ((A + 2) * x - (A + 3)) * x * x + 1;
        }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
    }

    private static double lanczos(double x) {
        return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
    }

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
    }
}
