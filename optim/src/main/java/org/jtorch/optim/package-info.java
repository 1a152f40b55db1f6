/** Optimizers: PyTorch's {@code torch.optim}. */
@NullMarked
package org.jtorch.optim;

import org.jspecify.annotations.NullMarked;
