/** Initial values: PyTorch's {@code torch.nn.init}. */
@NullMarked
package org.jtorch.nn.init;

import org.jspecify.annotations.NullMarked;
