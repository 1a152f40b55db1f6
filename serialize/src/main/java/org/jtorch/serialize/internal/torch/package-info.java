/** The formats of {@code torch.save} and of TorchScript archives. Not an API. */
@NullMarked
package org.jtorch.serialize.internal.torch;

import org.jspecify.annotations.NullMarked;
