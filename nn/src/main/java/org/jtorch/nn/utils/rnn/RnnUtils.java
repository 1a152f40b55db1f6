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
 * Sequences of different lengths: padding them to one length, packing them without padding, and the inverse operations.
 * PyTorch's {@code torch.nn.utils.rnn}.
 *
 * <p>T is the length of the longest sequence, B the number of sequences, and * any number of dimensions. Padded sequences are
 * (T, B, *), or (B, T, *) if {@code batchFirst} is true; the default is {@code false}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pack_padded_sequence.html">
 *     pack_padded_sequence</a>
 */
public final class RnnUtils {

    private RnnUtils() {}

    // --- packing -----------------------------------------------------------------------------------------------

    /**
     * Packs padded sequences (T, B, *) that are given with the longest first; see
     * {@link #packPaddedSequence(Tensor, Tensor, boolean, boolean)}.
     */
    public static PackedSequence packPaddedSequence(Tensor input, Tensor lengths) {
        return packPaddedSequence(input, lengths, false, true);
    }

    /**
     * Packs padded sequences that are given with the longest first; see
     * {@link #packPaddedSequence(Tensor, Tensor, boolean, boolean)}.
     */
    public static PackedSequence packPaddedSequence(Tensor input, Tensor lengths, boolean batchFirst) {
        return packPaddedSequence(input, lengths, batchFirst, true);
    }

    /**
     * Packs padded sequences (T, B, *) that are given with the longest first; see
     * {@link #packPaddedSequence(Tensor, Tensor, boolean, boolean)}.
     */
    public static PackedSequence packPaddedSequence(Tensor input, long[] lengths) {
        return packPaddedSequence(input, lengths, false, true);
    }

    /**
     * Packs padded sequences that are given with the longest first; see
     * {@link #packPaddedSequence(Tensor, Tensor, boolean, boolean)}.
     */
    public static PackedSequence packPaddedSequence(Tensor input, long[] lengths, boolean batchFirst) {
        return packPaddedSequence(input, lengths, batchFirst, true);
    }

    /**
     * Packs padded sequences whose lengths are in an array; see {@link #packPaddedSequence(Tensor, Tensor, boolean, boolean)}.
     */
    public static PackedSequence packPaddedSequence(
            Tensor input, long[] lengths, boolean batchFirst, boolean enforceSorted) {
        try (Tensor tensor = Torch.tensor(lengths)) {
            return packPaddedSequence(input, tensor, batchFirst, enforceSorted);
        }
    }

    /**
     * Packs padded sequences. Autograd records it.
     *
     * @param input (T, B, *), or (B, T, *) if {@code batchFirst} is true; elements beyond the length of a sequence are dropped
     * @param lengths (B), positive integers on the CPU
     * @param batchFirst whether {@code input} is (B, T, *)
     * @param enforceSorted whether the lengths must be in descending order; the default is {@code true}. If it is false, the
     *     sequences are sorted, and the result records their order
     * @throws TorchException if the number of lengths is wrong, or if they are not positive, or not sorted although
     *     {@code enforceSorted} is true
     * @throws IllegalArgumentException if a length is greater than T
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

    /** Packs sorted sequences. {@code order} is how they were sorted, or null if they were given in this order. */
    private static PackedSequence packed(
            TensorScope scope, Tensor input, Tensor lengths, boolean batchFirst, @Nullable Tensor order) {
        List<Tensor> parts = input.packPaddedSequence(lengths, batchFirst);
        long longest = parts.get(1).size(0);
        long steps = input.size(batchFirst ? 1 : 0);
        if (longest > steps) {
            // PyTorch packs the existing elements and fails in the backward.
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

    /** Packs sequences that are given with the longest first; see {@link #packSequence(List, boolean)}. */
    public static PackedSequence packSequence(List<? extends Tensor> sequences) {
        return packSequence(sequences, true);
    }

    /**
     * Packs sequences.
     *
     * @param sequences sequences (L, *), where L is the length of each
     * @param enforceSorted whether their lengths must be in descending order; the default is {@code true}
     * @throws TorchException if there is no sequence, if one is empty, or if the lengths are not sorted although
     *     {@code enforceSorted} is true
     */
    public static PackedSequence packSequence(List<? extends Tensor> sequences, boolean enforceSorted) {
        long[] lengths = sequences.stream().mapToLong(s -> s.size(0)).toArray();
        try (Tensor padded = padSequence(sequences)) {
            return packPaddedSequence(padded, lengths, false, enforceSorted);
        }
    }

    /** Returns the sequences from which {@code packed} was created, in their original order. Autograd records it. */
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

        /** Sets whether the result is (B, T, *) instead of (T, B, *); the default is {@code false}. */
        public PadOptions batchFirst(boolean newBatchFirst) {
            batchFirst = newBatchFirst;
            return this;
        }

        /** Sets the value of the padding; the default is 0. */
        public PadOptions paddingValue(double newPaddingValue) {
            paddingValue = newPaddingValue;
            return this;
        }

        /** Sets the length of the result. The default is null, which stands for the length of the longest sequence. */
        public PadOptions totalLength(@Nullable Long newTotalLength) {
            totalLength = newTotalLength;
            return this;
        }

        /** Sets the length of the result. */
        public PadOptions totalLength(long newTotalLength) {
            totalLength = newTotalLength;
            return this;
        }
    }

    /** Pads packed sequences with zeros to (T, B, *); see {@link #padPackedSequence(PackedSequence, Consumer)}. */
    public static PaddedSequences padPackedSequence(PackedSequence sequence) {
        return padPackedSequence(sequence, o -> {});
    }

    /**
     * Pads packed sequences to one length, in the order they had before packing. Autograd records it.
     *
     * @param sequence the packed sequences
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if the total length is less than the length of the longest sequence
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

    /** Pads sequences at the end with zeros to (T, B, *); see {@link #padSequence(List, boolean, double, String)}. */
    public static Tensor padSequence(List<? extends Tensor> sequences) {
        return padSequence(sequences, false);
    }

    /** Pads sequences at the end with zeros; see {@link #padSequence(List, boolean, double, String)}. */
    public static Tensor padSequence(List<? extends Tensor> sequences, boolean batchFirst) {
        return padSequence(sequences, batchFirst, 0.0);
    }

    /** Pads sequences at the end; see {@link #padSequence(List, boolean, double, String)}. */
    public static Tensor padSequence(List<? extends Tensor> sequences, boolean batchFirst, double paddingValue) {
        return padSequence(sequences, batchFirst, paddingValue, "right");
    }

    /**
     * Pads sequences to the length of the longest one and stacks them. Autograd records it.
     *
     * @param sequences sequences (L, *) of the same dtype and device, where L is the length of each; for those in one tensor,
     *     use its {@code unbind()}
     * @param batchFirst whether the result is (B, T, *); the default is {@code false}
     * @param paddingValue the value of the padding; the default is 0
     * @param paddingSide {@code "right"}, which pads at the end and is the default, or {@code "left"}, which pads at the
     *     beginning
     * @return a tensor (T, B, *), or (B, T, *) if {@code batchFirst} is true
     * @throws TorchException if there is no sequence, if their other dimensions differ, or if the side is unknown
     */
    public static Tensor padSequence(
            List<? extends Tensor> sequences, boolean batchFirst, double paddingValue, String paddingSide) {
        return Torch.padSequence(List.copyOf(sequences), batchFirst, paddingValue, paddingSide);
    }

    /** Returns the sequences of (T, B, *) without their padding; see {@link #unpadSequence(Tensor, Tensor, boolean)}. */
    public static List<Tensor> unpadSequence(Tensor paddedSequences, Tensor lengths) {
        return unpadSequence(paddedSequences, lengths, false);
    }

    /**
     * Returns copies of the sequences without their padding. Autograd records it.
     *
     * @param paddedSequences (T, B, *), or (B, T, *) if {@code batchFirst} is true. It is not changed, whereas PyTorch
     *     exchanges its first two dimensions
     * @param lengths the length of each sequence, (B), integers; a length greater than T stands for T
     * @param batchFirst whether {@code paddedSequences} is (B, T, *); the default is {@code false}
     * @throws IllegalArgumentException if the number of lengths differs from the number of sequences
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
     * Returns the inverse of a permutation.
     *
     * @param permutation (n), int64, or null
     * @return (n), or null if {@code permutation} is null
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
