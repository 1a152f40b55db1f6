/** DINOv2. */
@NullMarked
package org.jtorch.models.dinov2;

import org.jspecify.annotations.NullMarked;
