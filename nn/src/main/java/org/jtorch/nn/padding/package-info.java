/** Padding: PyTorch's {@code torch.nn.modules.padding}. */
@NullMarked
package org.jtorch.nn.padding;

import org.jspecify.annotations.NullMarked;
