/** Predefined parametrizations: PyTorch's {@code torch.nn.utils.parametrizations}. */
@NullMarked
package org.jtorch.nn.utils.parametrizations;

import org.jspecify.annotations.NullMarked;
