/** Convolutions: PyTorch's {@code torch.nn.modules.conv}. */
@NullMarked
package org.jtorch.nn.conv;

import org.jspecify.annotations.NullMarked;
