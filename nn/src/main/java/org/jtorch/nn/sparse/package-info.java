/** Embeddings: PyTorch's {@code torch.nn.modules.sparse}. */
@NullMarked
package org.jtorch.nn.sparse;

import org.jspecify.annotations.NullMarked;
