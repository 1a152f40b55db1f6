/** Activations: PyTorch's {@code torch.nn.modules.activation}. */
@NullMarked
package org.jtorch.nn.activation;

import org.jspecify.annotations.NullMarked;
