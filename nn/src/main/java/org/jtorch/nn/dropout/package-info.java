/** Dropout: PyTorch's {@code torch.nn.modules.dropout}. */
@NullMarked
package org.jtorch.nn.dropout;

import org.jspecify.annotations.NullMarked;
