/** Losses over very many classes: PyTorch's {@code torch.nn.modules.adaptive}. */
@NullMarked
package org.jtorch.nn.adaptive;

import org.jspecify.annotations.NullMarked;
