package org.jtorch.nn.loss;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.Buffer;
import org.jtorch.nn.ChainedOptions;
import org.jtorch.nn.Module;
import org.jtorch.nn.functional.Reduction;

/**
 * The base class of losses: what to do with the losses of the elements.
 *
 * @param <I> the type of the input
 */
public abstract class AnyLoss<I> extends Module<I, Tensor> {

    /**
     * The optional arguments of all losses.
     *
     * @param <S> the options class itself, so that calls can be chained
     */
    public abstract static class LossOptions<S extends LossOptions<S>> extends ChainedOptions<S> {
        private Reduction reduction = Reduction.MEAN;

        LossOptions() {}

        /** Sets what to do with the losses of the elements; the default is to return their mean. */
        public S reduction(Reduction newReduction) {
            reduction = newReduction;
            return self();
        }
    }

    /**
     * The optional arguments of weighted losses.
     *
     * @param <S> the options class itself, so that calls can be chained
     */
    public abstract static class WeightOptions<S extends WeightOptions<S>> extends LossOptions<S> {
        @Nullable
        Tensor weight;

        WeightOptions() {}

        /** Sets the weights, whose memory is shared; the default is none. */
        public S weight(@Nullable Tensor newWeight) {
            weight = newWeight;
            return self();
        }
    }

    /** The optional arguments of losses that have no others. */
    public static final class PlainOptions extends LossOptions<PlainOptions> {}

    /** The optional arguments of weighted losses that have no others. */
    public static final class PlainWeightOptions extends WeightOptions<PlainWeightOptions> {}

    Reduction reduction;

    AnyLoss(LossOptions<?> options) {
        reduction = options.reduction;
    }

    /** Returns what is done with the losses of the elements. */
    public final Reduction reduction() {
        return reduction;
    }

    /** Sets {@link #reduction()}. */
    public final void reduction(Reduction newReduction) {
        reduction = Objects.requireNonNull(newReduction, "reduction");
    }

    /** Returns a buffer over a given tensor. */
    static @Nullable Buffer buffer(@Nullable Tensor given) {
        return given == null ? null : new Buffer(given);
    }
}
