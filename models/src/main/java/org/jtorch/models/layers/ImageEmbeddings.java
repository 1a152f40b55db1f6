package org.jtorch.models.layers;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.dropout.Dropout;

/** A state of the image and those of its patches, with their positions: (N, C, H, W) to (N, 1 + patches, hidden_size). */
public abstract class ImageEmbeddings extends Module<Tensor, Tensor> {

    Parameter clsToken;

    /** The state in place of a masked patch. It is only used to train the model without labels, which is not done here. */
    @Nullable
    Parameter maskToken;

    Parameter positionEmbeddings;
    PatchEmbeddings patchEmbeddings;
    Dropout dropout;

    /**
     * Creates embeddings with new weights.
     *
     * @param hasMaskToken whether there is a state in place of a masked patch
     */
    protected ImageEmbeddings(ImageEncoderConfig config, boolean hasMaskToken) {
        long rows = config.imageSize.get(0) / config.patchSize.get(0);
        long columns = config.imageSize.get(1) / config.patchSize.get(1);
        clsToken = new Parameter(Torch.randn(1, 1, config.hiddenSize).mul(0.02));
        maskToken = hasMaskToken ? new Parameter(Torch.zeros(1, config.hiddenSize)) : null;
        positionEmbeddings = new Parameter(
                Torch.randn(1, rows * columns + 1, config.hiddenSize).mul(0.02));
        patchEmbeddings = new PatchEmbeddings(config.numChannels, config.hiddenSize, config.patchSize);
        dropout = new Dropout(config.hiddenDropoutProb);
    }

    /**
     * Returns the positions for images of a size, (1, 1 + patches, hidden_size).
     *
     * @param known the positions for images of the size in the configuration
     * @throws IllegalArgumentException if the model is not for images of this size
     */
    protected abstract Tensor positions(Tensor known, long height, long width);

    @Override
    protected final Tensor forward(Tensor images) {
        Tensor positions = positions(positionEmbeddings, images.size(2), images.size(3));
        Tensor cls = clsToken.expand(images.size(0), -1, -1);
        Tensor states = Torch.cat(List.of(cls, patchEmbeddings.call(images)), 1);
        return dropout.call(states.add(positions));
    }
}
