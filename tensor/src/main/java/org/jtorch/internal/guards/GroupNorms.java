package org.jtorch.internal.guards;

import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Group normalisation of a channels-last input: if the weight's gradient is asked for and the input's is not, engine 2.10 writes
 * the input's to nowhere. PyTorch 2.14 does not.
 */
public final class GroupNorms {

    private GroupNorms() {}

    /** What to normalise in place of {@code input}: itself, or the same data with a gradient that nobody reads. */
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
