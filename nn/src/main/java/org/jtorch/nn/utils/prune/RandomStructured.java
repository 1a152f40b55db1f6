package org.jtorch.nn.utils.prune;

import java.util.OptionalLong;
import org.jtorch.Tensor;
import org.jtorch.Torch;

/** Prunes whole channels at random. */
public final class RandomStructured extends BasePruningMethod {

    private final Amount amount;
    private final long dim;

    /** Random channels along the last dimension. */
    public RandomStructured(Number amount) {
        this(amount, -1);
    }

    /**
     * Random channels.
     *
     * @param amount a share in [0, 1] (a float or double), or a number of channels (an integer)
     * @param dim along which channels are counted
     */
    public RandomStructured(Number amount, long dim) {
        this.amount = new Amount(amount);
        this.dim = dim;
    }

    @Override
    public PruningType pruningType() {
        return PruningType.STRUCTURED;
    }

    @Override
    protected OptionalLong dim() {
        return OptionalLong.of(dim);
    }

    @Override
    public Tensor computeMask(Tensor t, Tensor defaultMask) {
        long channels = Masks.channels(t, dim);
        long count = amount.of(channels);
        if (count == 0) {
            return defaultMask;
        }
        Tensor chance = Torch.rand(channels);
        Tensor kept = chance.gt(chance.kthvalue(count).values());
        return Masks.ofChannels(t, dim, kept, defaultMask);
    }
}
