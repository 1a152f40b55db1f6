/** Layers that only change the shape: PyTorch's {@code torch.nn.modules.flatten}. */
@NullMarked
package org.jtorch.nn.flatten;

import org.jspecify.annotations.NullMarked;
