/** Windows as columns and back: PyTorch's {@code torch.nn.modules.fold}. */
@NullMarked
package org.jtorch.nn.fold;

import org.jspecify.annotations.NullMarked;
