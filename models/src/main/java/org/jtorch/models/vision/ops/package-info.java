/** Operators on boxes in images, as in {@code torchvision.ops}. */
@NullMarked
package org.jtorch.models.vision.ops;

import org.jspecify.annotations.NullMarked;
