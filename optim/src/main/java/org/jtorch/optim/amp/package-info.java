/** The scaling of gradients in mixed precision: PyTorch's {@code torch.amp.GradScaler}. */
@NullMarked
package org.jtorch.optim.amp;

import org.jspecify.annotations.NullMarked;
