/** The formats of {@code torch.save} and of TorchScript archives. No API. */
@NullMarked
package org.jtorch.serialize.internal.torch;

import org.jspecify.annotations.NullMarked;
