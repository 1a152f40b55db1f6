/** MobileNet V3, with torchvision's keys. */
@NullMarked
package org.jtorch.models.mobilenetv3;

import org.jspecify.annotations.NullMarked;
