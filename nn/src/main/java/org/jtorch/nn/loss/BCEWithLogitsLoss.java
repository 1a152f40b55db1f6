package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.Buffer;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.Reduction;

/**
 * Cross entropy of logits, computed in a numerically stable way:
 * {@code -w (p y log(sigmoid(x)) + (1 - y) log(1 - sigmoid(x)))}.
 *
 * <p>Input and target: any shape, the same for both. Output: a scalar, or a tensor with the shape of the input if the loss is
 * not reduced.
 *
 * <p>Buffers: {@code weight} and {@code pos_weight}, if they are given. They must be broadcastable to the input.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html">torch.nn.BCEWithLogitsLoss</a>
 */
public class BCEWithLogitsLoss extends WeightedLoss {

    /** The optional arguments of {@link BCEWithLogitsLoss}. */
    public static final class Options extends WeightOptions<Options> {
        private @Nullable Tensor posWeight;

        /** Sets the weights of positive elements, one for each class, whose memory is shared; the default is none. */
        public Options posWeight(@Nullable Tensor newPosWeight) {
            posWeight = newPosWeight;
            return this;
        }
    }

    /** The weights of positive elements, or null. */
    public @Nullable Buffer posWeight;

    /** Creates a loss with the default options. */
    public BCEWithLogitsLoss() {
        this(o -> {});
    }

    /** Creates a loss with the given reduction. */
    public BCEWithLogitsLoss(Reduction reduction) {
        this(o -> o.reduction(reduction));
    }

    /** Creates a layer with the options that {@code options} sets. */
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
