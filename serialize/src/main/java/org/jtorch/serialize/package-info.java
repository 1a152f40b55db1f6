/**
 * Checkpoint files: {@link org.jtorch.serialize.Checkpoint} reads what {@code torch.save} and safetensors write, and writes
 * what they read. Nothing from a file runs.
 */
@NullMarked
package org.jtorch.serialize;

import org.jspecify.annotations.NullMarked;
