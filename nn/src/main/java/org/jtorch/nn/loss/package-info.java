/** Losses: PyTorch's {@code torch.nn.modules.loss}. */
@NullMarked
package org.jtorch.nn.loss;

import org.jspecify.annotations.NullMarked;
