package org.jtorch.data.sources;

import org.jtorch.Tensor;

/**
 * An image and its class. A batch of them is a {@code LabeledImage} too, with one dimension more in each tensor.
 *
 * @param image of shape (C, H, W), uint8 unless a transform changed it
 * @param label the index of the class, int64, without dimensions
 */
public record LabeledImage(Tensor image, Tensor label) {}
