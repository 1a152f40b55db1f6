package org.jtorch.models.swin;

import java.util.List;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Module;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.LayerNorm;

/** Maps each four neighbouring pixels to one: (N, H, W, dim) to (N, ceil(H / 2), ceil(W / 2), 2 dim). */
final class PatchMerging extends Module<Tensor, Tensor> {

    Linear reduction;
    LayerNorm norm;
    private final boolean normalizesFirst;

    PatchMerging(SwinTransformerConfig config, long dim) {
        normalizesFirst = config.version == 1;
        reduction = new Linear(4 * dim, 2 * dim, o -> o.bias(false));
        norm = new LayerNorm(normalizesFirst ? 4 * dim : 2 * dim);
    }

    @Override
    protected Tensor forward(Tensor x) {
        Tensor even = F.pad(x, 0, 0, 0, x.size(2) % 2, 0, x.size(1) % 2);
        Tensor merged =
                Torch.cat(List.of(every(even, 0, 0), every(even, 1, 0), every(even, 0, 1), every(even, 1, 1)), -1);
        return normalizesFirst ? reduction.call(norm.call(merged)) : norm.call(reduction.call(merged));
    }

    private static Tensor every(Tensor x, long row, long column) {
        return x.slice(1, row, null, 2).slice(2, column, null, 2);
    }
}
