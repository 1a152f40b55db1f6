/** Swin Transformer and Swin Transformer V2, with torchvision's keys. */
@NullMarked
package org.jtorch.models.swin;

import org.jspecify.annotations.NullMarked;
