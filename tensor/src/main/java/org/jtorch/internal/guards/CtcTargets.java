package org.jtorch.internal.guards;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/** Checks the targets of connectionist temporal classification. The engine uses them as indices without a check. */
public final class CtcTargets {

    private CtcTargets() {}

    /**
     * Refuses lengths that exceed the targets, and targets that are not classes.
     *
     * @param logProbs (T, N, C) or (T, C)
     * @param targets (N, S), or all in one dimension
     * @throws IllegalArgumentException if a length or a target is refused
     */
    public static void check(Tensor logProbs, Tensor targets, Tensor inputLengths, Tensor targetLengths, long blank) {
        if (inputLengths.is_meta() || targetLengths.is_meta()) {
            return;
        }
        check(
                logProbs,
                targets,
                HostLongs.of("input_lengths", inputLengths),
                HostLongs.of("target_lengths", targetLengths),
                blank);
    }

    /** Checks targets as the other method, with the lengths as Java arrays. */
    public static void check(Tensor logProbs, Tensor targets, long[] inputLengths, long[] targetLengths, long blank) {
        long dims = logProbs.dim();
        if (dims < 2 || dims > 3 || targets.is_meta() || logProbs.is_meta()) {
            return; // the engine refuses this, or reads nothing
        }
        long classes = logProbs.size(dims - 1);
        long steps = logProbs.size(0);
        if (blank < 0 || blank >= classes) {
            throw new IllegalArgumentException(
                    "blank must be in label range: it is " + blank + ", the classes are " + classes);
        }
        for (long length : inputLengths) {
            if (length < 0 || length > steps) {
                throw new IllegalArgumentException("input_lengths are " + Arrays.toString(inputLengths)
                        + ", but must be within [0, " + steps + "]");
            }
        }
        long[] values = HostLongs.of("targets", targets);
        boolean rows = targets.dim() > 1;
        long room = rows ? targets.size(1) : targets.numel();
        long taken = 0;
        for (int i = 0; i < targetLengths.length; i++) {
            long length = targetLengths[i];
            if (length < 0 || length > (rows ? room : room - taken)) {
                throw new IllegalArgumentException("target_lengths are " + Arrays.toString(targetLengths)
                        + ", which exceeds the " + room + " targets" + (rows ? " of a row" : ""));
            }
            long from = rows ? i * room : taken;
            if (from + length > values.length) {
                throw new IllegalArgumentException("there are " + targetLengths.length + " target_lengths, but only "
                        + targets.size(0) + " rows of targets");
            }
            for (long at = from; at < from + length; at++) {
                if (values[(int) at] < 0 || values[(int) at] >= classes) {
                    throw new IllegalArgumentException("a target is " + values[(int) at] + ", but there are " + classes
                            + " classes, 0 to " + (classes - 1));
                }
            }
            taken += length;
        }
    }
}
