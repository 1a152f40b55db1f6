package org.jtorch.nn.utils.prune;

import org.jtorch.Tensor;
import org.jtorch.Torch;

/** Prunes whole channels at random. */
public final class RandomStructured extends StructuredPruning {

    /** Creates a method that prunes random channels along the last dimension. */
    public RandomStructured(Number amount) {
        this(amount, -1);
    }

    /**
     * Creates a method that prunes random channels.
     *
     * @param amount a fraction in [0, 1] (a float or double), or a number of channels (an integer)
     * @param dim the dimension of the channels
     */
    public RandomStructured(Number amount, long dim) {
        super(amount, dim);
    }

    @Override
    Tensor kept(Tensor t, long channels, long count) {
        Tensor chance = Torch.rand(channels);
        return chance.gt(chance.kthvalue(count).values());
    }
}
