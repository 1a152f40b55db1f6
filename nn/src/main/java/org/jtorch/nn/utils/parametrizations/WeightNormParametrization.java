package org.jtorch.nn.utils.parametrizations;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Module;
import org.jtorch.nn.utils.parametrize.RightInverse;

/** Computes {@code g v / |v|} from g and v. */
final class WeightNormParametrization extends Module<List<Tensor>, Tensor> implements RightInverse<List<Tensor>> {

    private final long dim;

    WeightNormParametrization(@Nullable Integer dim) {
        this.dim = dim == null ? -1 : dim;
    }

    @Override
    protected Tensor forward(List<Tensor> gv) {
        return Torch.weightNorm(gv.get(1), gv.get(0), dim);
    }

    @Override
    public List<Tensor> rightInverse(Tensor weight) {
        return List.of(Torch.normExceptDim(weight, 2, dim), weight);
    }

    @Override
    public String className() {
        return "_WeightNorm";
    }
}
