/**
 * Generates Java sources from tables: the interfaces of {@code Tensor} and the static methods of {@code Torch} from the
 * tables of operations, and {@code F} from those of functions. Runs only at build time.
 */
@NullMarked
package org.jtorch.opgen;

import org.jspecify.annotations.NullMarked;
