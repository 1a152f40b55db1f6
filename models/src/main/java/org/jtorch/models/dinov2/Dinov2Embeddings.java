package org.jtorch.models.dinov2;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.models.layers.PatchEmbeddings;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.functional.F;

/**
 * A state of the image and those of its patches, with their positions: (N, C, H, W) to (N, 1 + patches, hidden_size). The positions
 * are interpolated for images of other sizes than those of the configuration.
 */
final class Dinov2Embeddings extends Module<Tensor, Tensor> {

    Parameter clsToken;

    /** The state in place of a masked patch. It is only used to train the model without labels, which is not done here. */
    @Nullable
    Parameter maskToken;

    Parameter positionEmbeddings;
    PatchEmbeddings patchEmbeddings;
    Dropout dropout;
    private final List<Long> patchSize;

    Dinov2Embeddings(Dinov2Config config) {
        patchSize = config.patchSize;
        long patches = (config.imageSize.get(0) / patchSize.get(0)) * (config.imageSize.get(1) / patchSize.get(1));
        clsToken = new Parameter(Torch.randn(1, 1, config.hiddenSize).mul(0.02));
        maskToken = config.useMaskToken ? new Parameter(Torch.zeros(1, config.hiddenSize)) : null;
        positionEmbeddings =
                new Parameter(Torch.randn(1, patches + 1, config.hiddenSize).mul(0.02));
        patchEmbeddings = new PatchEmbeddings(config.numChannels, config.hiddenSize, patchSize);
        dropout = new Dropout(config.hiddenDropoutProb);
    }

    @Override
    protected Tensor forward(Tensor images) {
        Tensor cls = clsToken.expand(images.size(0), -1, -1);
        Tensor states = Torch.cat(List.of(cls, patchEmbeddings.call(images)), 1);
        return dropout.call(states.add(positions(states.size(1), images.size(2), images.size(3))));
    }

    /** Returns the positions of an image of a height and a width, (1, tokens, hidden_size). */
    private Tensor positions(long tokens, long height, long width) {
        long known = positionEmbeddings.size(1);
        if (tokens == known && height == width) {
            return positionEmbeddings;
        }
        long side = (long) Math.sqrt(known - 1);
        Tensor grid = positionEmbeddings
                .narrow(1, 1, known - 1)
                .reshape(1, side, side, -1)
                .permute(0, 3, 1, 2);
        long[] size = {height / patchSize.get(0), width / patchSize.get(1)};
        Tensor patches = F.interpolate(grid.to(DType.FLOAT32), size, null, "bicubic", false)
                .to(positionEmbeddings.dtype())
                .flatten(2)
                .transpose(1, 2);
        return Torch.cat(List.of(positionEmbeddings.narrow(1, 0, 1), patches), 1);
    }
}
