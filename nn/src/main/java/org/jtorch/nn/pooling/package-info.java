/** Pooling: PyTorch's {@code torch.nn.modules.pooling}. */
@NullMarked
package org.jtorch.nn.pooling;

import org.jspecify.annotations.NullMarked;
