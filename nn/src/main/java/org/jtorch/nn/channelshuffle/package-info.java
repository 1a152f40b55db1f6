/** Interleaving the channels of groups: PyTorch's {@code torch.nn.modules.channelshuffle}. */
@NullMarked
package org.jtorch.nn.channelshuffle;

import org.jspecify.annotations.NullMarked;
