/** ResNet, ResNeXt and Wide ResNet, with torchvision's keys. */
@NullMarked
package org.jtorch.models.resnet;

import org.jspecify.annotations.NullMarked;
