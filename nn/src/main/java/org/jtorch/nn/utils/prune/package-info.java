/** Setting weights to zero with a mask: PyTorch's {@code torch.nn.utils.prune}. */
@NullMarked
package org.jtorch.nn.utils.prune;

import org.jspecify.annotations.NullMarked;
