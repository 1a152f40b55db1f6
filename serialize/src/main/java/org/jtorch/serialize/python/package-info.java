/** Values of Python that a file may contain and for which Java has no class. None of them runs anything. */
@NullMarked
package org.jtorch.serialize.python;

import org.jspecify.annotations.NullMarked;
