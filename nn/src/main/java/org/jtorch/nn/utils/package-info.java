/** Weight and spectral normalisation of a module: PyTorch's {@code torch.nn.utils}. */
@NullMarked
package org.jtorch.nn.utils;

import org.jspecify.annotations.NullMarked;
