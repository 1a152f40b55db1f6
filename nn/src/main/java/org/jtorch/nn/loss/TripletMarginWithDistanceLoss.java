package org.jtorch.nn.loss;

import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.distance.Distance;
import org.jtorch.nn.distance.PairwiseDistance;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.Reduction;

/**
 * A {@link TripletMarginLoss} with a custom distance: {@code max(0, d(a, p) - d(a, n) + margin)}.
 *
 * <p>Inputs: {@code (N, *)}. Output: a scalar, or a tensor with the shape of the distance if the loss is not reduced.
 *
 * @see <a
 *     href="https://pytorch.org/docs/stable/generated/torch.nn.TripletMarginWithDistanceLoss.html">torch.nn.TripletMarginWithDistanceLoss</a>
 */
public class TripletMarginWithDistanceLoss extends TripletLoss {

    /** The optional arguments of {@link TripletMarginWithDistanceLoss}. */
    public static final class Options extends LossOptions<Options> {
        private @Nullable BinaryOperator<Tensor> function;
        private @Nullable Distance distance;
        private double margin = 1.0;
        private boolean swap;

        /** Sets the distance as a function; the default is the Euclidean distance. */
        public Options distanceFunction(BinaryOperator<Tensor> newDistanceFunction) {
            function = newDistanceFunction;
            distance = null;
            return this;
        }

        /** Sets the distance as a module, which becomes a child of the loss. */
        public Options distanceFunction(Distance newDistanceFunction) {
            distance = newDistanceFunction;
            function = null;
            return this;
        }

        /** Sets the margin by which the distance of the negative should exceed that of the positive; the default is 1. */
        public Options margin(double newMargin) {
            margin = newMargin;
            return this;
        }

        /**
         * Sets whether the distance between positive and negative is used if it is less than that between anchor and negative;
         * the default is {@code false}.
         */
        public Options swap(boolean newSwap) {
            swap = newSwap;
            return this;
        }
    }

    private final @Nullable BinaryOperator<Tensor> function;
    private boolean swap;

    /** The distance, or null if it is a function. */
    public @Nullable Distance distanceFunction;

    /** Creates a loss with the Euclidean distance. */
    public TripletMarginWithDistanceLoss() {
        this(o -> {});
    }

    /** Creates a loss with the given reduction. */
    public TripletMarginWithDistanceLoss(Reduction reduction) {
        this(o -> o.reduction(reduction));
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @throws IllegalArgumentException if the margin is not positive
     */
    public TripletMarginWithDistanceLoss(Consumer<Options> options) {
        this(Customized.of(new Options(), options));
    }

    private TripletMarginWithDistanceLoss(Options o) {
        super(o, o.margin);
        function = o.function;
        swap = o.swap;
        distanceFunction = o.distance != null ? o.distance : function == null ? new PairwiseDistance() : null;
    }

    private Tensor distance(Tensor x1, Tensor x2) {
        if (distanceFunction != null) {
            return distanceFunction.call(x1, x2);
        }
        return function == null ? F.pairwiseDistance(x1, x2) : function.apply(x1, x2);
    }

    /**
     * Returns whether the distance between positive and negative is used if it is less than that between anchor and negative.
     */
    public final boolean swap() {
        return swap;
    }

    /** Sets {@link #swap()}. */
    public final void swap(boolean newSwap) {
        swap = newSwap;
    }

    @Override
    protected Tensor forward(Input in) {
        return F.tripletMarginWithDistanceLoss(
                in.anchor(), in.positive(), in.negative(), this::distance, margin, swap, reduction);
    }
}
