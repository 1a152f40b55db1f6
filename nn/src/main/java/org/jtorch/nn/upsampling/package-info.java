/** Resizing images: PyTorch's {@code torch.nn.modules.upsampling}. */
@NullMarked
package org.jtorch.nn.upsampling;

import org.jspecify.annotations.NullMarked;
