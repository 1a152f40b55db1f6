/**
 * Checkpoint files. {@link org.jtorch.serialize.Checkpoint} reads the files of {@code torch.save} and safetensors, and
 * writes files that they read. Nothing from a file runs.
 */
@NullMarked
package org.jtorch.serialize;

import org.jspecify.annotations.NullMarked;
