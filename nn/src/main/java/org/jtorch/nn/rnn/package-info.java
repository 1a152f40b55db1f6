/** Recurrent layers and their cells: PyTorch's {@code torch.nn.modules.rnn}. */
@NullMarked
package org.jtorch.nn.rnn;

import org.jspecify.annotations.NullMarked;
