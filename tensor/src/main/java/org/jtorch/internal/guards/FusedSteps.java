package org.jtorch.internal.guards;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Checks steps of optimizers in one kernel. The kernel uses the number of elements of a parameter for all tensors that
 * belong to it.
 */
public final class FusedSteps {

    private FusedSteps() {}

    /**
     * Refuses tensors that do not fit their parameters.
     *
     * @param params the parameters
     * @param others gradients and states, a list of each; an empty list is not used
     * @param numbers tensors with one float32 element, such as the numbers of steps; null elements are not used
     * @throws IllegalArgumentException if a list has another length than the parameters, or a tensor another dtype, device
     *     or layout in memory than its parameter
     */
    public static void check(List<Tensor> params, List<List<Tensor>> others, List<? extends @Nullable Tensor> numbers) {
        for (Tensor param : params) {
            if (!isPlain(param) || !param.is_non_overlapping_and_dense()) {
                throw new IllegalArgumentException("a fused step needs dense parameters whose elements do not overlap");
            }
        }
        for (List<Tensor> list : others) {
            if (list.isEmpty()) {
                continue;
            }
            if (list.size() != params.size()) {
                throw new IllegalArgumentException("a fused step needs a tensor for each of the " + params.size()
                        + " parameters, not " + list.size());
            }
            for (int i = 0; i < list.size(); i++) {
                if (!alike(params.get(i), list.get(i))) {
                    throw new IllegalArgumentException("a gradient or state of a fused step differs from parameter " + i
                            + " in shape, strides, dtype or device");
                }
            }
        }
        for (Tensor number : numbers) {
            if (number != null
                    && !(isPlain(number)
                            && number.numel() == 1
                            && number.scalar_type().intern() == torch.ScalarType.Float)) {
                throw new IllegalArgumentException(
                        "a fused step needs its numbers as float32 tensors with one element");
            }
        }
    }

    private static boolean isPlain(Tensor tensor) {
        return tensor.layout().intern() == torch.Layout.Strided && !tensor.is_meta() && !tensor.is_nested();
    }

    private static boolean alike(Tensor a, Tensor b) {
        boolean alike = isPlain(b)
                && a.dim() == b.dim()
                && a.scalar_type().value == b.scalar_type().value
                && a.is_cpu() == b.is_cpu();
        for (long i = 0; alike && i < a.dim(); i++) {
            alike = a.size(i) == b.size(i) && (a.stride(i) == b.stride(i) || a.size(i) < 2);
        }
        return alike;
    }
}
