/** Utilities of PyTorch's {@code torch.nn.utils}: limiting gradients, parameters as one vector, merging layers, and so on. */
@NullMarked
package org.jtorch.nn.utils;

import org.jspecify.annotations.NullMarked;
