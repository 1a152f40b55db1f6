/** Parts that several models of images share, with torchvision's keys. */
@NullMarked
package org.jtorch.models.vision;

import org.jspecify.annotations.NullMarked;
