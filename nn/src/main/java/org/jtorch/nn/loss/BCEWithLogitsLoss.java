package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.Buffer;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.Reduction;

/**
 * Cross entropy of logits: {@code -w (p y log(sigmoid(x)) + (1 - y) log(1 - sigmoid(x)))}, stable.
 *
 * <p>Input and target: any and the same shape. Result: a scalar, or, unreduced, shaped as the input.
 *
 * <p>Buffers: {@code weight}, {@code pos_weight}, which broadcast with the input, where they are given.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html">torch.nn.BCEWithLogitsLoss</a>
 */
public class BCEWithLogitsLoss extends WeightedLoss {

    /** The optional arguments of {@link BCEWithLogitsLoss}. */
    public static final class Options extends WeightOptions<Options> {
        private @Nullable Tensor posWeight;

        /** Sets the weights of positive elements, one a class, whose memory is shared; the default is none. */
        public Options posWeight(@Nullable Tensor newPosWeight) {
            posWeight = newPosWeight;
            return this;
        }
    }

    /** The weights of positive elements, or null. */
    public @Nullable Buffer posWeight;

    /** With the default options. */
    public BCEWithLogitsLoss() {
        this(o -> {});
    }

    /** With a reduction. */
    public BCEWithLogitsLoss(Reduction reduction) {
        this(o -> o.reduction(reduction));
    }

    /**
     * Creates one with the options that {@code options} sets.
     */
    public BCEWithLogitsLoss(Consumer<Options> options) {
        this(Customized.of(new Options(), options));
    }

    private BCEWithLogitsLoss(Options o) {
        super(o);
        posWeight = buffer(o.posWeight);
    }

    @Override
    protected Tensor forward(Input in) {
        return F.binaryCrossEntropyWithLogits(in.input(), in.target(), weight, reduction, posWeight);
    }
}
