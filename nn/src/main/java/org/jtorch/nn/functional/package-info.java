/**
 * Layers and losses as stateless functions, {@link org.jtorch.nn.functional.F}, and their implementation: PyTorch's
 * {@code torch.nn.functional}.
 */
@NullMarked
package org.jtorch.nn.functional;

import org.jspecify.annotations.NullMarked;
