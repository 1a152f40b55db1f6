/** Datasets, samplers and loaders: PyTorch's {@code torch.utils.data}. */
@NullMarked
package org.jtorch.data;

import org.jspecify.annotations.NullMarked;
