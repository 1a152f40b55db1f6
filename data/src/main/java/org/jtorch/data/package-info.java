/** Data sets. */
@NullMarked
package org.jtorch.data;

import org.jspecify.annotations.NullMarked;
