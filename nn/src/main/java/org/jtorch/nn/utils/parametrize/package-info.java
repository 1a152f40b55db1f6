/** Parameters that are computed from others: PyTorch's {@code torch.nn.utils.parametrize}. */
@NullMarked
package org.jtorch.nn.utils.parametrize;

import org.jspecify.annotations.NullMarked;
