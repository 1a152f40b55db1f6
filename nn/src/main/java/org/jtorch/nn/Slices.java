package org.jtorch.nn;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Positions in a list as Python counts them: negative ones count from the end, and slices end at the ends of the list. */
final class Slices {

    private Slices() {}

    /** Returns the position from the beginning for {@code index}. */
    static int index(int index, int size) {
        if (index < -size || index >= size) {
            throw new IndexOutOfBoundsException("index " + index + " is out of range");
        }
        return index < 0 ? index + size : index;
    }

    /** Returns the positions of {@code [start:stop:step]}, in order. */
    static int[] positions(int size, @Nullable Integer start, @Nullable Integer stop, int step) {
        if (step == 0) {
            throw new IllegalArgumentException("slice step cannot be zero");
        }
        int lowest = step > 0 ? 0 : -1;
        int highest = step > 0 ? size : size - 1;
        int from = bound(size, start, step > 0 ? lowest : highest, lowest, highest);
        int to = bound(size, stop, step > 0 ? highest : lowest, lowest, highest);
        return step > 0
                ? IntStream.iterate(from, i -> i < to, i -> i + step).toArray()
                : IntStream.iterate(from, i -> i > to, i -> i + step).toArray();
    }

    private static int bound(int size, @Nullable Integer given, int otherwise, int lowest, int highest) {
        if (given == null) {
            return otherwise;
        }
        int position = given < 0 ? given + size : given;
        return Math.max(lowest, Math.min(highest, position));
    }

    /** Removes the elements of {@code [start:stop:step]}. */
    static void remove(List<?> list, @Nullable Integer start, @Nullable Integer stop, int step) {
        int[] positions = positions(list.size(), start, stop, step);
        Arrays.sort(positions);
        for (int i = positions.length - 1; i >= 0; i--) {
            list.remove(positions[i]);
        }
    }
}
