package org.jtorch.internal.guards;

import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Works around a fault of group normalization with a channels-last input. If the gradient of the weight is required and
 * that of the input is not, engine 2.10 writes the gradient of the input to an invalid address. PyTorch 2.14 does not.
 */
public final class GroupNorms {

    private GroupNorms() {}

    /** Returns the tensor to normalize: {@code input}, or the same data with a gradient that nobody reads. */
    public static Tensor input(Tensor input, @Nullable Tensor weight, @Nullable Tensor bias) {
        boolean onlyOthers = !input.requires_grad()
                && ((weight != null && weight.requires_grad()) || (bias != null && bias.requires_grad()));
        if (!onlyOthers
                || !GradMode.is_enabled()
                || input.is_inference()
                || !input.is_floating_point()
                || input.is_contiguous()) {
            return input;
        }
        Tensor same = input.detach();
        same.requires_grad_(true);
        return same;
    }
}
