/** Programs that try to crash the JVM: generated over the public API with hostile arguments, and written by hand. */
@NullMarked
package org.jtorch.parity.hostile;

import org.jspecify.annotations.NullMarked;
