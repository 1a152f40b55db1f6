/** The mechanism of torchvision's operators on boxes, for models and for graphs. */
@NullMarked
package org.jtorch.nn.internal.boxes;

import org.jspecify.annotations.NullMarked;
