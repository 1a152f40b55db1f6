/** Exported programs: what {@code torch.export} writes is read, run, trained and written. */
@NullMarked
package org.jtorch.export;

import org.jspecify.annotations.NullMarked;
