package org.jtorch.nn.transformer;

import org.jtorch.Operator;
import org.jtorch.Tensor;

/** Batches of sequences without their padding, as the engine's nested tensors. */
final class NestedTensors {

    private static final Operator LEFT_ALIGNED = Operator.find("aten::_nested_tensor_from_mask_left_aligned", "");
    private static final Operator FROM_MASK = Operator.find("aten::_nested_tensor_from_mask", "");

    private static final Operator PADDED = Operator.find("aten::to_padded_tensor", "");

    private NestedTensors() {}

    /** Whether {@code valid} (N, S), bool, holds at the beginning of each row and not behind. */
    static boolean isLeftAligned(Tensor sequences, Tensor valid) {
        return (boolean) LEFT_ALIGNED.call(sequences, valid).get(0);
    }

    /** What of {@code sequences} (N, S, E) is valid, which must be left aligned. */
    static Tensor of(Tensor sequences, Tensor valid) {
        return (Tensor) FROM_MASK.call(sequences, valid, false).get(0);
    }

    /** A nested tensor as one of this shape, with zeros where it has no elements. */
    static Tensor padded(Tensor nested, long[] shape) {
        return (Tensor) PADDED.call(nested, 0.0, shape).get(0);
    }
}
