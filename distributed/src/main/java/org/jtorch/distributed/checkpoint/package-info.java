/** Checkpoints that several processes write together and read in parts: PyTorch's {@code torch.distributed.checkpoint}. */
@org.jspecify.annotations.NullMarked
package org.jtorch.distributed.checkpoint;
