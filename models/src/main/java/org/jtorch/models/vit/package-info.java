/** ViT, as {@code transformers} names its weights. */
@NullMarked
package org.jtorch.models.vit;

import org.jspecify.annotations.NullMarked;
