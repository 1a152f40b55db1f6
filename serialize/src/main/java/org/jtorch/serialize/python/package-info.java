/** Python values that a file may hold and that Java has no class for; none of them runs anything. */
@NullMarked
package org.jtorch.serialize.python;

import org.jspecify.annotations.NullMarked;
