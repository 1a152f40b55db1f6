/**
 * Zip archives as {@code torch.save} lays them out: read in place, written in one pass. For use by
 * {@link org.jtorch.serialize.Checkpoint}; no API.
 */
@NullMarked
package org.jtorch.serialize.zip;

import org.jspecify.annotations.NullMarked;
