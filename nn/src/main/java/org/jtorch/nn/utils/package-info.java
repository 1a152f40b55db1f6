/** Work on parameters and gradients: PyTorch's {@code torch.nn.utils}. */
@NullMarked
package org.jtorch.nn.utils;

import org.jspecify.annotations.NullMarked;
