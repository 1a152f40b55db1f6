/**
 * What the engine's kernels do not check themselves, although memory or the end of a loop depends on it. One kind of fault a
 * class; each refuses only what no sensible caller asks for. They look at handles, so that neither recorders nor autograd see
 * them.
 */
@NullMarked
package org.jtorch.internal.guards;

import org.jspecify.annotations.NullMarked;
