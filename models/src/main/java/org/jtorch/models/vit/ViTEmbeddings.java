package org.jtorch.models.vit;

import java.util.List;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.models.layers.PatchEmbeddings;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.dropout.Dropout;

/** A state of the image and those of its patches, with their positions: (N, C, H, W) to (N, 1 + patches, hidden_size). */
final class ViTEmbeddings extends Module<Tensor, Tensor> {

    Parameter clsToken;
    Parameter positionEmbeddings;
    PatchEmbeddings patchEmbeddings;
    Dropout dropout;
    private final List<Long> imageSize;

    ViTEmbeddings(ViTConfig config) {
        imageSize = config.imageSize;
        long patches = (imageSize.get(0) / config.patchSize.get(0)) * (imageSize.get(1) / config.patchSize.get(1));
        clsToken = new Parameter(Torch.randn(1, 1, config.hiddenSize).mul(0.02));
        positionEmbeddings =
                new Parameter(Torch.randn(1, patches + 1, config.hiddenSize).mul(0.02));
        patchEmbeddings = new PatchEmbeddings(config.numChannels, config.hiddenSize, config.patchSize);
        dropout = new Dropout(config.hiddenDropoutProb);
    }

    @Override
    protected Tensor forward(Tensor images) {
        if (images.size(2) != imageSize.get(0) || images.size(3) != imageSize.get(1)) {
            throw new IllegalArgumentException("the images are of size " + images.size(2) + " x " + images.size(3)
                    + ", but the model is for " + imageSize.get(0) + " x " + imageSize.get(1) + ": resize them");
        }
        Tensor cls = clsToken.expand(images.size(0), -1, -1);
        Tensor states = Torch.cat(List.of(cls, patchEmbeddings.call(images)), 1);
        return dropout.call(states.add(positionEmbeddings));
    }
}
