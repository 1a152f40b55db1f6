/** Transformers, PyTorch's {@code torch.nn.modules.transformer}. */
@NullMarked
package org.jtorch.nn.transformer;

import org.jspecify.annotations.NullMarked;
