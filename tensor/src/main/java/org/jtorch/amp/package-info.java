/** Automatic mixed precision: PyTorch's {@code torch.amp}. */
@NullMarked
package org.jtorch.amp;

import org.jspecify.annotations.NullMarked;
