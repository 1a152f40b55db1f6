package org.jtorch.parity.hostile;

import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the values of one program have in common: matching sizes, a usual dtype and rank, and how often a value is hostile.
 * Programs of ordinary values reach deep into kernels; a single hostile value among them is what kernels do not expect.
 */
final class Mood {

    private static final double[] HOSTILITY = {0, 0.02, 0.04, 0.08, 0.08, 0.2, 0.4, 0.9};
    private static final Pattern SPATIAL = Pattern.compile("([123])d");
    private static final long[] SIZES = {1, 2, 2, 3, 3, 4, 5, 8, 16};
    private static final List<String> DTYPES = List.of(
            "FLOAT32",
            "FLOAT32",
            "FLOAT32",
            "FLOAT32",
            "FLOAT64",
            "INT64",
            "INT64",
            "INT32",
            "BOOL",
            "UINT8",
            "INT8",
            "INT16",
            "FLOAT16",
            "BFLOAT16",
            "COMPLEX64",
            "COMPLEX128");

    private final Random random;
    private final double hostility;

    /** Whether all sizes are the same number, so that shapes can be broadcast, multiplied and convolved. */
    private final boolean uniform;

    private final long size;
    private int rank;
    private int spatial;
    private String dtype;

    Mood(Random random) {
        this.random = random;
        hostility = HOSTILITY[random.nextInt(HOSTILITY.length)];
        uniform = random.nextInt(4) != 0;
        size = SIZES[random.nextInt(SIZES.length)];
        rank = 1 + random.nextInt(5);
        dtype = DTYPES.get(random.nextInt(DTYPES.size()));
    }

    /** Adjusts to a name: {@code maxPool2d} and its kind take two spatial dimensions and floats. */
    void about(String name) {
        Matcher matcher = SPATIAL.matcher(name);
        if (matcher.find()) {
            spatial = Integer.parseInt(matcher.group(1));
            rank = spatial + (chance(0.8) ? 2 : 1);
            dtype = chance(0.8) ? "FLOAT32" : dtype;
        } else if (name.contains(".call(") || name.contains(".infer(") || name.startsWith("F.")) {
            dtype = chance(0.8) ? "FLOAT32" : dtype;
        }
    }

    /**
     * Returns the number of elements of a list for the parameter {@code name}: one for each spatial dimension, if there are
     * any.
     */
    int length(String name) {
        if (spatial > 0 && chance(0.9)) {
            int sides = name.contains("pad") && !name.contains("padding") || chance(0.1) ? 2 : 1;
            return sides * spatial;
        }
        return name.contains("size") || name.contains("shape") ? rank() : (int) pick(1, 1, 2, 2, 3, 4);
    }

    boolean hostile() {
        return random.nextDouble() < hostility;
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    <T> T pick(List<? extends T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    long pick(long... choices) {
        return choices[random.nextInt(choices.length)];
    }

    long bits() {
        return random.nextLong();
    }

    /** Returns a size that matches the others. */
    long size() {
        long chosen = (uniform && chance(0.97)) || chance(0.5) ? size : pick(SIZES);
        // A call with a million elements takes the time of a hundred other calls.
        return rank < 4 ? chosen : Math.min(chosen, 5);
    }

    /** Returns a number of dimensions. */
    int rank() {
        return chance(0.85) ? rank : random.nextInt(6);
    }

    long[] shape() {
        return shape(rank());
    }

    long[] shape(int dims) {
        long[] shape = new long[dims];
        for (int i = 0; i < dims; i++) {
            shape[i] = size();
        }
        if (dims > 0 && hostile()) {
            shape[random.nextInt(dims)] = dims < 4 ? pick(0, 0, 1, 7, 33, 257) : pick(0, 0, 1, 7, 9);
        }
        return shape;
    }

    String dtype() {
        return chance(0.9) ? dtype : DTYPES.get(random.nextInt(DTYPES.size()));
    }
}
