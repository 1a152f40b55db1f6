package org.jtorch.models.layers;

import java.util.List;
import org.jtorch.Tensor;
import org.jtorch.nn.Module;
import org.jtorch.nn.conv.Conv2d;

/** Maps each patch of images: (N, C, H, W) to (N, patches, hidden_size). */
public final class PatchEmbeddings extends Module<Tensor, Tensor> {

    Conv2d projection;

    /**
     * Creates a map with new weights.
     *
     * @param channels the number of channels of an image
     * @param hiddenSize the size of a state
     * @param patchSize the height and the width of a patch
     */
    public PatchEmbeddings(long channels, long hiddenSize, List<Long> patchSize) {
        long[] size = {patchSize.get(0), patchSize.get(1)};
        projection = new Conv2d(channels, hiddenSize, size, o -> o.stride(size));
    }

    @Override
    protected Tensor forward(Tensor images) {
        return projection.call(images.to(projection.weight.dtype())).flatten(2).transpose(1, 2);
    }
}
