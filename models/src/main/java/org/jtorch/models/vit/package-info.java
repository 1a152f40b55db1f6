/** ViT, with the weights of transformers ({@link ViTModel}) and with those of torchvision ({@link VisionTransformer}). */
@NullMarked
package org.jtorch.models.vit;

import org.jspecify.annotations.NullMarked;
