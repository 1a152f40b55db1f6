/** Tensors on libtorch: {@link org.jtorch.Tensor}, the factories of {@link org.jtorch.Torch}, and their memory. */
@NullMarked
package org.jtorch;

import org.jspecify.annotations.NullMarked;
