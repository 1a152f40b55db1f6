/** Weights set to zero by a mask: PyTorch's {@code torch.nn.utils.prune}. */
@NullMarked
package org.jtorch.nn.utils.prune;

import org.jspecify.annotations.NullMarked;
