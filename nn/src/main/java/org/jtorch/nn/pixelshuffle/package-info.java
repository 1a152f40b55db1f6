/** Moving channels into space and back: PyTorch's {@code torch.nn.modules.pixelshuffle}. */
@NullMarked
package org.jtorch.nn.pixelshuffle;

import org.jspecify.annotations.NullMarked;
