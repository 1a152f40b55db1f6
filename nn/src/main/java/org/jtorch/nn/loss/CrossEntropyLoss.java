package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.Reduction;

/**
 * Cross entropy between a target and the softmax of the input: {@code -weight[y] * log_softmax(x)[y]} for a class {@code y}.
 *
 * <p>Input: {@code (N, C)}, {@code (N, C, d1, …)} or {@code (C)}. Target: classes, int64, {@code (N)}, {@code (N, d1, …)} or
 * {@code ()}; or probabilities with the shape of the input. Output: a scalar, or a tensor with the shape of a target of classes
 * if the loss is not reduced.
 *
 * <p>Buffer: {@code weight} (C), if it is given.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html">torch.nn.CrossEntropyLoss</a>
 */
public class CrossEntropyLoss extends WeightedLoss {

    /** The optional arguments of {@link CrossEntropyLoss}. */
    public static final class Options extends WeightOptions<Options> {
        private long ignoreIndex = -100;
        private double labelSmoothing = 0.0;

        /** Sets the class whose elements are ignored; the default is -100. */
        public Options ignoreIndex(long newIgnoreIndex) {
            ignoreIndex = newIgnoreIndex;
            return this;
        }

        /** Sets the part of the target that is distributed evenly over all classes, from 0 to 1; the default is 0. */
        public Options labelSmoothing(double newLabelSmoothing) {
            labelSmoothing = newLabelSmoothing;
            return this;
        }
    }

    private long ignoreIndex;
    private double labelSmoothing;

    /** Creates a loss with the default options. */
    public CrossEntropyLoss() {
        this(o -> {});
    }

    /** Creates a loss with the given reduction. */
    public CrossEntropyLoss(Reduction reduction) {
        this(o -> o.reduction(reduction));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public CrossEntropyLoss(Consumer<Options> options) {
        this(Customized.of(new Options(), options));
    }

    private CrossEntropyLoss(Options o) {
        super(o);
        ignoreIndex = o.ignoreIndex;
        labelSmoothing = o.labelSmoothing;
    }

    /** Returns the class whose elements are ignored. */
    public final long ignoreIndex() {
        return ignoreIndex;
    }

    /** Sets {@link #ignoreIndex()}. */
    public final void ignoreIndex(long newIgnoreIndex) {
        ignoreIndex = newIgnoreIndex;
    }

    /** Returns the part of the target that is distributed evenly over all classes. */
    public final double labelSmoothing() {
        return labelSmoothing;
    }

    /** Sets {@link #labelSmoothing()}. */
    public final void labelSmoothing(double newLabelSmoothing) {
        labelSmoothing = newLabelSmoothing;
    }

    @Override
    protected Tensor forward(Input in) {
        return F.crossEntropy(in.input(), in.target(), weight, ignoreIndex, reduction, labelSmoothing);
    }
}
