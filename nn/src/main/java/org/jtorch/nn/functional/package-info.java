/**
 * Layers and losses as functions without state, {@link org.jtorch.nn.functional.F}, and what computes them: PyTorch's
 * {@code torch.nn.functional}.
 */
@NullMarked
package org.jtorch.nn.functional;

import org.jspecify.annotations.NullMarked;
