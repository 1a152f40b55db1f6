/** EfficientNet and EfficientNet V2, with torchvision's keys. */
@NullMarked
package org.jtorch.models.efficientnet;

import org.jspecify.annotations.NullMarked;
