/** Normalisation: PyTorch's {@code torch.nn.modules.batchnorm} and {@code normalization}. */
@NullMarked
package org.jtorch.nn.norm;

import org.jspecify.annotations.NullMarked;
