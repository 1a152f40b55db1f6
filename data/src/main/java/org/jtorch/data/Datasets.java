package org.jtorch.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Generator;
import org.jtorch.internal.text.Warnings;

/** Splits datasets. */
public final class Datasets {

    private Datasets() {}

    /** Splits {@code dataset} as {@link #randomSplit(Dataset, int[], Generator)}, by the default generator. */
    public static <T> List<Subset<T>> randomSplit(Dataset<T> dataset, int... lengths) {
        return randomSplit(dataset, lengths, null);
    }

    /**
     * Splits a dataset at random into parts without common examples, as PyTorch's {@code random_split}.
     *
     * @param lengths the number of examples of each part
     * @param generator the source of the order, or null for the default generator
     * @throws IllegalArgumentException if the sum of the lengths is not the size of the dataset, or a length is negative
     */
    public static <T> List<Subset<T>> randomSplit(Dataset<T> dataset, int[] lengths, @Nullable Generator generator) {
        long sum = 0;
        for (int length : lengths) {
            if (length < 0) {
                throw new IllegalArgumentException("a length is negative: " + Arrays.toString(lengths));
            }
            sum += length;
        }
        if (sum != dataset.size()) {
            throw new IllegalArgumentException(
                    "Sum of input lengths does not equal the length of the input dataset! The lengths are "
                            + Arrays.toString(lengths) + ", and the dataset has " + dataset.size() + " examples");
        }
        int[] order = Draws.permutation((int) sum, generator);
        List<Subset<T>> parts = new ArrayList<>(lengths.length);
        int start = 0;
        for (int length : lengths) {
            parts.add(new Subset<>(dataset, Arrays.copyOfRange(order, start, start + length)));
            start += length;
        }
        return parts;
    }

    /** Splits {@code dataset} as {@link #randomSplit(Dataset, double[], Generator)}, by the default generator. */
    public static <T> List<Subset<T>> randomSplit(Dataset<T> dataset, double... fractions) {
        return randomSplit(dataset, fractions, null);
    }

    /**
     * Splits a dataset at random into parts without common examples, as PyTorch's {@code random_split}. A part has the whole
     * number of examples below its fraction; what remains is given to the parts in turn, one example each, beginning with the
     * first.
     *
     * @param fractions the fraction of each part; their sum is 1
     * @param generator the source of the order, or null for the default generator
     * @throws IllegalArgumentException if a fraction is not between 0 and 1, or their sum is not 1
     */
    public static <T> List<Subset<T>> randomSplit(
            Dataset<T> dataset, double[] fractions, @Nullable Generator generator) {
        double sum = Arrays.stream(fractions).sum(); // compensated, as Python's
        for (int i = 0; i < fractions.length; i++) {
            if (!(fractions[i] >= 0 && fractions[i] <= 1)) {
                throw new IllegalArgumentException(
                        "Fraction at index " + i + " is not between 0 and 1: " + fractions[i]);
            }
        }
        if (!(sum <= 1 && sum >= 1 - 1e-9)) {
            throw new IllegalArgumentException("the sum of the fractions " + Arrays.toString(fractions) + " is " + sum
                    + ", but must be 1: give the last part the remainder");
        }
        int[] lengths = new int[fractions.length];
        int remainder = dataset.size();
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = (int) Math.floor(dataset.size() * fractions[i]);
            remainder -= lengths[i];
        }
        for (int i = 0; i < remainder; i++) {
            lengths[i % lengths.length]++;
        }
        for (int i = 0; i < lengths.length; i++) {
            if (lengths[i] == 0) {
                Warnings.once(
                        Datasets.class,
                        "Length of split at index " + i + " is 0. This might result in an empty dataset.");
            }
        }
        return randomSplit(dataset, lengths, generator);
    }
}
