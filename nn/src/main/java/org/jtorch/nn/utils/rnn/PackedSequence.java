package org.jtorch.nn.utils.rnn;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;

/**
 * Sequences of different lengths without padding, stored by step: the first element of every sequence, then the second element
 * of every sequence that has one, and so on. {@link RnnUtils#packPaddedSequence} and {@link RnnUtils#packSequence} create
 * packed sequences; recurrent layers accept them.
 *
 * <p>For the sequences {@code abc} and {@code x}, the data are {@code axbc} and the batch sizes are 2, 1, 1.
 *
 * @param data (sum of lengths, *), on any device and with any dtype
 * @param batchSizes the number of sequences that have an element at each step, (longest length), int64, on the CPU
 * @param sortedIndices for each packed sequence, the longest first, its index among the given sequences, (number of sequences),
 *     int64, on the device of {@code data}; or null if they were given in this order
 * @param unsortedIndices the inverse of {@code sortedIndices}, which restores the given order; if it is null and
 *     {@code sortedIndices} is not, it is computed
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.PackedSequence.html">PackedSequence</a>
 */
public record PackedSequence(
        Tensor data,
        Tensor batchSizes,
        @Nullable Tensor sortedIndices,
        @Nullable Tensor unsortedIndices) {

    /**
     * Creates packed sequences of the given parts, which are checked.
     *
     * @throws IllegalArgumentException if {@code batchSizes} is not on the CPU
     */
    public PackedSequence {
        if (unsortedIndices == null) {
            unsortedIndices = RnnUtils.invertPermutation(sortedIndices);
        }
        if (!batchSizes.isCpu()) {
            throw new IllegalArgumentException(
                    "batch_sizes should always be on CPU. Instances of PackedSequence should never"
                            + " be created manually. They should be instantiated by functions like pack_sequence and"
                            + " pack_padded_sequences in nn.utils.rnn."
                            + " https://pytorch.org/docs/stable/nn.html#torch.nn.utils.rnn.pack_sequence");
        }
    }

    /** Creates packed sequences in the order of {@code sortedIndices}. */
    public PackedSequence(Tensor data, Tensor batchSizes, @Nullable Tensor sortedIndices) {
        this(data, batchSizes, sortedIndices, null);
    }

    /** Creates packed sequences that were given with the longest first. */
    public PackedSequence(Tensor data, Tensor batchSizes) {
        this(data, batchSizes, null, null);
    }

    // --- conversion --------------------------------------------------------------------------------------------

    /** Returns the sequences with the data converted, or this object if the data have that dtype. */
    public PackedSequence to(DType dtype) {
        return converted(t -> t.to(dtype));
    }

    /**
     * Returns the sequences with the data and the indices on {@code device}, or this object if they are there. The batch sizes
     * stay on the CPU.
     */
    public PackedSequence to(Device device) {
        return converted(t -> t.to(device));
    }

    /**
     * Returns the sequences on {@code device} with the data converted, or this object if nothing changes. The batch sizes stay
     * on the CPU.
     */
    public PackedSequence to(Device device, DType dtype) {
        return converted(t -> t.to(device, dtype));
    }

    /**
     * Returns the sequences on the device of {@code other} with the data converted to its dtype, or this object if nothing
     * changes. The batch sizes stay on the CPU.
     */
    public PackedSequence to(Tensor other) {
        return converted(t -> t.to(other));
    }

    /** Moves all parameters and buffers to the CPU. */
    public PackedSequence cpu() {
        return to(Device.CPU);
    }

    /** Moves all parameters and buffers to the current CUDA device. */
    public PackedSequence cuda() {
        return to(Device.of("cuda"));
    }

    /** Returns the sequences with the data as float16. */
    public PackedSequence half() {
        return to(DType.FLOAT16);
    }

    /** Returns the sequences with the data as float32: Python's {@code float()}. */
    public PackedSequence float32() {
        return to(DType.FLOAT32);
    }

    /** Returns the sequences with the data as float64: Python's {@code double()}. */
    public PackedSequence float64() {
        return to(DType.FLOAT64);
    }

    /** Returns the sequences with the data as int64: Python's {@code long()}. */
    public PackedSequence int64() {
        return to(DType.INT64);
    }

    /** Returns the sequences with the data as int32: Python's {@code int()}. */
    public PackedSequence int32() {
        return to(DType.INT32);
    }

    /** Returns the sequences with the data as int16: Python's {@code short()}. */
    public PackedSequence int16() {
        return to(DType.INT16);
    }

    /** Returns the sequences with the data as int8: Python's {@code char()}. */
    public PackedSequence int8() {
        return to(DType.INT8);
    }

    /** Returns the sequences with the data as uint8: Python's {@code byte()}. */
    public PackedSequence uint8() {
        return to(DType.UINT8);
    }

    /** Returns whether the data are on a CUDA device. */
    public boolean isCuda() {
        return data.device().type().equals("cuda");
    }

    private PackedSequence converted(UnaryOperator<Tensor> conversion) {
        try (TensorScope scope = new TensorScope()) {
            Tensor converted = conversion.apply(data);
            if (converted.dtype() == data.dtype() && converted.device().equals(data.device())) {
                return this;
            }
            Device device = converted.device();
            return new PackedSequence(
                    scope.keep(converted),
                    batchSizes,
                    moved(scope, sortedIndices, device),
                    moved(scope, unsortedIndices, device));
        }
    }

    private static @Nullable Tensor moved(TensorScope scope, @Nullable Tensor indices, Device device) {
        return indices == null || indices.device().equals(device) ? indices : scope.keep(indices.to(device));
    }

    /** Returns the text that Python prints. */
    @Override
    public String toString() {
        return "PackedSequence(data=" + data + ", batch_sizes=" + batchSizes + ", sorted_indices=" + text(sortedIndices)
                + ", unsorted_indices=" + text(unsortedIndices) + ")";
    }

    private static String text(@Nullable Tensor indices) {
        return indices == null ? "None" : indices.toString();
    }
}
