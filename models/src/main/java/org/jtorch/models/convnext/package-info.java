/** ConvNeXt, with torchvision's keys. */
@NullMarked
package org.jtorch.models.convnext;

import org.jspecify.annotations.NullMarked;
