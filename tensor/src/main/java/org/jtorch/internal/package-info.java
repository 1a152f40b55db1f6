/** Internal classes that the packages of jtorch-tensor share. Not an API: they may change without notice. */
@NullMarked
package org.jtorch.internal;

import org.jspecify.annotations.NullMarked;
