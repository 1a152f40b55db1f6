package org.jtorch.models.vit;

import java.util.List;
import org.jtorch.Tensor;
import org.jtorch.models.layers.ImageEmbeddings;

/** The first states of ViT, which is for images of one size. */
final class ViTEmbeddings extends ImageEmbeddings {

    private final List<Long> imageSize;

    ViTEmbeddings(ViTConfig config) {
        super(config, false);
        imageSize = config.imageSize;
    }

    @Override
    protected Tensor positions(Tensor known, long height, long width) {
        if (height != imageSize.get(0) || width != imageSize.get(1)) {
            throw new IllegalArgumentException("the images are of size " + height + " x " + width
                    + ", but the model is for " + imageSize.get(0) + " x " + imageSize.get(1) + ": resize them");
        }
        return known;
    }
}
