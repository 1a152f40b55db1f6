/** MobileNet V2, with torchvision's keys. */
@NullMarked
package org.jtorch.models.mobilenetv2;

import org.jspecify.annotations.NullMarked;
