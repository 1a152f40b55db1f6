/** Sequences of different lengths in one batch: PyTorch's {@code torch.nn.utils.rnn}. */
@NullMarked
package org.jtorch.nn.utils.rnn;

import org.jspecify.annotations.NullMarked;
