/** Distances and similarities: PyTorch's {@code torch.nn.modules.distance}. */
@NullMarked
package org.jtorch.nn.distance;

import org.jspecify.annotations.NullMarked;
