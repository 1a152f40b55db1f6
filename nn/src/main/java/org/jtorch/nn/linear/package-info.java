/** Linear layers: PyTorch's {@code torch.nn.modules.linear}. */
@NullMarked
package org.jtorch.nn.linear;

import org.jspecify.annotations.NullMarked;
