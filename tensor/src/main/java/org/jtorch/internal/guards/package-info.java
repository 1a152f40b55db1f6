/**
 * Checks that the engine's kernels do not make, although memory safety or the end of a loop depends on them. Each class
 * covers one kind of fault, and refuses only arguments that no sensible caller passes. The checks use handles, so that
 * recorders and autograd do not see them.
 */
@NullMarked
package org.jtorch.internal.guards;

import org.jspecify.annotations.NullMarked;
