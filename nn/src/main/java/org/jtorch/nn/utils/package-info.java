/** What PyTorch keeps in {@code torch.nn.utils}: gradients clipped, parameters as one vector, modules fused, and so on. */
@NullMarked
package org.jtorch.nn.utils;

import org.jspecify.annotations.NullMarked;
