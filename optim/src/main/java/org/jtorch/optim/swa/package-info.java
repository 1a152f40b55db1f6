/** Averages of a model's weights over training: PyTorch's {@code torch.optim.swa_utils}. */
@NullMarked
package org.jtorch.optim.swa;

import org.jspecify.annotations.NullMarked;
