/** Reads and writes the archives of {@code torch.export.save}. */
@NullMarked
package org.jtorch.export.internal.pt2;

import org.jspecify.annotations.NullMarked;
