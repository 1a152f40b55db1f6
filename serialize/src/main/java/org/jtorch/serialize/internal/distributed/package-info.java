/** Folders of {@code torch.distributed.checkpoint}: their index, and the parts of tensors in their files. Not an API. */
@NullMarked
package org.jtorch.serialize.internal.distributed;

import org.jspecify.annotations.NullMarked;
