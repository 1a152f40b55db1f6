/** Helpers around modules and their parameters: PyTorch's {@code torch.nn.utils}. */
@NullMarked
package org.jtorch.nn.utils;

import org.jspecify.annotations.NullMarked;
