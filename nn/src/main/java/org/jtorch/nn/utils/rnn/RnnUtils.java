package org.jtorch.nn.utils.rnn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.ValuesIndices;
import org.jtorch.internal.options.Customized;

/**
 * Sequences of different lengths: padded to one length, packed without padding, and back. PyTorch's
 * {@code torch.nn.utils.rnn}.
 *
 * <p>T is the length of the longest sequence, B their number, * any number of dimensions. Padded sequences are (T, B, *), or
 * (B, T, *) where {@code batchFirst} is true; it is false by default.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pack_padded_sequence.html">
 *     pack_padded_sequence</a>
 */
public final class RnnUtils {

    private RnnUtils() {}

    // --- packing -----------------------------------------------------------------------------------------------

    /** {@link #packPaddedSequence(Tensor, Tensor, boolean, boolean)} of (T, B, *), the longest first. */
    public static PackedSequence packPaddedSequence(Tensor input, Tensor lengths) {
        return packPaddedSequence(input, lengths, false, true);
    }

    /** {@link #packPaddedSequence(Tensor, Tensor, boolean, boolean)}, the longest first. */
    public static PackedSequence packPaddedSequence(Tensor input, Tensor lengths, boolean batchFirst) {
        return packPaddedSequence(input, lengths, batchFirst, true);
    }

    /** {@link #packPaddedSequence(Tensor, Tensor, boolean, boolean)} of (T, B, *), the longest first. */
    public static PackedSequence packPaddedSequence(Tensor input, long[] lengths) {
        return packPaddedSequence(input, lengths, false, true);
    }

    /** {@link #packPaddedSequence(Tensor, Tensor, boolean, boolean)}, the longest first. */
    public static PackedSequence packPaddedSequence(Tensor input, long[] lengths, boolean batchFirst) {
        return packPaddedSequence(input, lengths, batchFirst, true);
    }

    /** {@link #packPaddedSequence(Tensor, Tensor, boolean, boolean)} with the lengths in an array. */
    public static PackedSequence packPaddedSequence(
            Tensor input, long[] lengths, boolean batchFirst, boolean enforceSorted) {
        try (Tensor tensor = Torch.tensor(lengths)) {
            return packPaddedSequence(input, tensor, batchFirst, enforceSorted);
        }
    }

    /**
     * Packs padded sequences; autograd passes through.
     *
     * @param input (T, B, *), or (B, T, *) where {@code batchFirst}; what is beyond a sequence's length is dropped
     * @param lengths (B), integers on the CPU, positive
     * @param batchFirst which of the forms {@code input} has
     * @param enforceSorted whether the lengths must descend already, default true; where it is false the sequences are sorted,
     *     and the result knows their order
     * @throws TorchException if the lengths are too few or too many, not positive, or not sorted though they must be
     * @throws IllegalArgumentException if one is greater than T
     */
    public static PackedSequence packPaddedSequence(
            Tensor input, Tensor lengths, boolean batchFirst, boolean enforceSorted) {
        try (TensorScope scope = new TensorScope()) {
            Tensor given = lengths.int64();
            if (enforceSorted) {
                return packed(scope, input, given, batchFirst, null);
            }
            ValuesIndices sorted = given.sort(-1, true);
            Tensor order = scope.keep(sorted.indices().to(input.device()));
            Tensor ordered = input.indexSelect(batchFirst ? 0 : 1, order);
            return packed(scope, ordered, sorted.values(), batchFirst, order);
        }
    }

    /** Packs what is sorted; {@code order} says how, and is null if it was given so. */
    private static PackedSequence packed(
            TensorScope scope, Tensor input, Tensor lengths, boolean batchFirst, @Nullable Tensor order) {
        List<Tensor> parts = input.packPaddedSequence(lengths, batchFirst);
        long longest = parts.get(1).size(0);
        long steps = input.size(batchFirst ? 1 : 0);
        if (longest > steps) {
            // PyTorch packs what is there and fails in the backward
            throw new IllegalArgumentException(
                    "a sequence has length " + longest + ", but the padded sequences have only " + steps + " steps");
        }
        Tensor inverse = invertPermutation(order);
        return new PackedSequence(
                scope.keep(parts.get(0)),
                scope.keep(parts.get(1)),
                order,
                inverse == null ? null : scope.keep(inverse));
    }

    /** {@link #packSequence(List, boolean)}, the longest first. */
    public static PackedSequence packSequence(List<? extends Tensor> sequences) {
        return packSequence(sequences, true);
    }

    /**
     * Packs sequences.
     *
     * @param sequences each (L, *), L its length
     * @param enforceSorted whether their lengths must descend already, default true
     * @throws TorchException if there is none, one is empty, or the lengths are not sorted though they must be
     */
    public static PackedSequence packSequence(List<? extends Tensor> sequences, boolean enforceSorted) {
        long[] lengths = sequences.stream().mapToLong(s -> s.size(0)).toArray();
        try (Tensor padded = padSequence(sequences)) {
            return packPaddedSequence(padded, lengths, false, enforceSorted);
        }
    }

    /** Returns the sequences that {@code packed} was made of, in the order given then; autograd passes through. */
    public static List<Tensor> unpackSequence(PackedSequence packed) {
        PaddedSequences padded = padPackedSequence(packed, o -> o.batchFirst(true));
        try (Tensor sequences = padded.sequences();
                Tensor lengths = padded.lengths()) {
            return unpadSequence(sequences, lengths, true);
        }
    }

    // --- padding -----------------------------------------------------------------------------------------------

    /** The optional arguments of {@link #padPackedSequence(PackedSequence, Consumer)}. */
    public static final class PadOptions {
        private boolean batchFirst;
        private double paddingValue;
        private @Nullable Long totalLength;

        private PadOptions() {}

        /** Sets whether the result is (B, T, *) and not (T, B, *); the default is {@code false}. */
        public PadOptions batchFirst(boolean newBatchFirst) {
            batchFirst = newBatchFirst;
            return this;
        }

        /** Sets what the sequences are filled up with; the default is 0. */
        public PadOptions paddingValue(double newPaddingValue) {
            paddingValue = newPaddingValue;
            return this;
        }

        /** To which length; default null: the longest sequence's. */
        public PadOptions totalLength(@Nullable Long newTotalLength) {
            totalLength = newTotalLength;
            return this;
        }

        /** To which length. */
        public PadOptions totalLength(long newTotalLength) {
            totalLength = newTotalLength;
            return this;
        }
    }

    /** {@link #padPackedSequence(PackedSequence, Consumer)} to (T, B, *) with zeros. */
    public static PaddedSequences padPackedSequence(PackedSequence sequence) {
        return padPackedSequence(sequence, o -> {});
    }

    /**
     * Fills packed sequences up to one length, in the order they were given in before packing; autograd passes through.
     *
     * @param sequence what to unpack
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if the total length is less than the longest sequence's
     */
    public static PaddedSequences padPackedSequence(PackedSequence sequence, Consumer<PadOptions> options) {
        PadOptions o = Customized.of(new PadOptions(), options);
        long longest = sequence.batchSizes().size(0);
        long length = o.totalLength == null ? longest : o.totalLength;
        if (length < longest) {
            throw new IllegalArgumentException(
                    "Expected total_length to be at least the length of the longest sequence in input, but got total_length="
                            + length + " and max sequence length being " + longest);
        }
        try (TensorScope scope = new TensorScope()) {
            List<Tensor> padded =
                    sequence.data().padPackedSequence(sequence.batchSizes(), o.batchFirst, o.paddingValue, length);
            Tensor sequences = padded.get(0);
            Tensor lengths = padded.get(1);
            Tensor order = sequence.unsortedIndices();
            if (order != null) {
                sequences = sequences.indexSelect(o.batchFirst ? 0 : 1, order);
                lengths = lengths.indexSelect(0, order.cpu());
            }
            return new PaddedSequences(scope.keep(sequences), scope.keep(lengths));
        }
    }

    /** {@link #padSequence(List, boolean, double, String)} to (T, B, *) with zeros at the end. */
    public static Tensor padSequence(List<? extends Tensor> sequences) {
        return padSequence(sequences, false);
    }

    /** {@link #padSequence(List, boolean, double, String)} with zeros at the end. */
    public static Tensor padSequence(List<? extends Tensor> sequences, boolean batchFirst) {
        return padSequence(sequences, batchFirst, 0.0);
    }

    /** {@link #padSequence(List, boolean, double, String)} at the end. */
    public static Tensor padSequence(List<? extends Tensor> sequences, boolean batchFirst, double paddingValue) {
        return padSequence(sequences, batchFirst, paddingValue, "right");
    }

    /**
     * Fills sequences up to the longest one's length and stacks them; autograd passes through.
     *
     * @param sequences each (L, *), L its length, all of one dtype and device; those of a tensor are its {@code unbind()}
     * @param batchFirst whether the result is (B, T, *); default false
     * @param paddingValue what they are filled up with; default 0
     * @param paddingSide {@code "right"}, at the end, the default; or {@code "left"}, in front
     * @return (T, B, *), or (B, T, *)
     * @throws TorchException if there is no sequence, their other dimensions differ, or there is no such side
     */
    public static Tensor padSequence(
            List<? extends Tensor> sequences, boolean batchFirst, double paddingValue, String paddingSide) {
        return Torch.padSequence(List.copyOf(sequences), batchFirst, paddingValue, paddingSide);
    }

    /** {@link #unpadSequence(Tensor, Tensor, boolean)} of (T, B, *). */
    public static List<Tensor> unpadSequence(Tensor paddedSequences, Tensor lengths) {
        return unpadSequence(paddedSequences, lengths, false);
    }

    /**
     * Returns the sequences without their padding, copied; autograd passes through.
     *
     * @param paddedSequences (T, B, *), or (B, T, *) where {@code batchFirst}; it stays as it is, where PyTorch exchanges its
     *     first two dimensions
     * @param lengths how long each is: (B), integers; beyond T, all of it is taken
     * @param batchFirst which of the forms the sequences have; default false
     * @throws IllegalArgumentException if there are more or fewer lengths than sequences
     */
    public static List<Tensor> unpadSequence(Tensor paddedSequences, Tensor lengths, boolean batchFirst) {
        int batch = batchFirst ? 0 : 1;
        long[] taken = lengths.toLongArray();
        long count = paddedSequences.size(batch);
        if (taken.length != count) {
            throw new IllegalArgumentException("zip() argument 2 is " + (taken.length < count ? "shorter" : "longer")
                    + " than argument 1: " + taken.length + " lengths of " + count + " sequences");
        }
        try (TensorScope scope = new TensorScope()) {
            List<Tensor> sequences = new ArrayList<>();
            for (int i = 0; i < taken.length; i++) {
                Tensor padded = paddedSequences.select(batch, i);
                sequences.add(
                        scope.keep(padded.slice(0, 0L, Math.max(taken[i], 0)).clone()));
            }
            return sequences;
        }
    }

    /**
     * Returns the permutation that undoes {@code permutation}.
     *
     * @param permutation (n), int64, or null
     * @return (n), or null if that is null
     */
    public static @Nullable Tensor invertPermutation(@Nullable Tensor permutation) {
        if (permutation == null) {
            return null;
        }
        try (Tensor places = Torch.arange(0, permutation.numel(), 1, TensorOptions.like(permutation))) {
            return Torch.emptyLike(permutation).scatter_(0, permutation, places);
        }
    }
}
