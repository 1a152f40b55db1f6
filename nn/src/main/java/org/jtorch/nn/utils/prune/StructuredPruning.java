package org.jtorch.nn.utils.prune;

import java.util.OptionalLong;
import org.jtorch.Tensor;

/** The base class of methods that prune whole channels along a dimension. */
public abstract class StructuredPruning extends BasePruningMethod {

    private final Amount amount;
    final long dim;

    StructuredPruning(Number amount, long dim) {
        this.amount = new Amount(amount);
        this.dim = dim;
    }

    @Override
    public final PruningType pruningType() {
        return PruningType.STRUCTURED;
    }

    @Override
    protected final OptionalLong dim() {
        return OptionalLong.of(dim);
    }

    /** Returns the channels that are kept if {@code count} of them are pruned, as indices or as a mask of all channels. */
    abstract Tensor kept(Tensor t, long channels, long count);

    @Override
    public final Tensor computeMask(Tensor t, Tensor defaultMask) {
        long channels = Masks.channels(t, dim);
        long count = amount.of(channels);
        return count == 0 ? defaultMask : Masks.ofChannels(t, dim, kept(t, channels, count), defaultMask);
    }
}
