package org.jtorch.models.dinov2;

import java.util.List;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.models.layers.ImageEmbeddings;
import org.jtorch.nn.functional.F;

/** The first states of DINOv2. The positions are interpolated for images of other sizes than those of the configuration. */
final class Dinov2Embeddings extends ImageEmbeddings {

    private final List<Long> patchSize;

    Dinov2Embeddings(Dinov2Config config) {
        super(config, config.useMaskToken);
        patchSize = config.patchSize;
    }

    @Override
    protected Tensor positions(Tensor known, long height, long width) {
        long rows = height / patchSize.get(0);
        long columns = width / patchSize.get(1);
        long patches = known.size(1) - 1;
        if (rows * columns == patches && height == width) {
            return known;
        }
        long side = (long) Math.sqrt(patches);
        Tensor grid = known.narrow(1, 1, patches).reshape(1, side, side, -1).permute(0, 3, 1, 2);
        Tensor resized = F.interpolate(grid.to(DType.FLOAT32), new long[] {rows, columns}, null, "bicubic", false)
                .to(known.dtype())
                .flatten(2)
                .transpose(1, 2);
        return Torch.cat(List.of(known.narrow(1, 0, 1), resized), 1);
    }
}
