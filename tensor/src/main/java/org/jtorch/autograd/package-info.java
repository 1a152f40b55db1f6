/** Automatic differentiation: modes, gradients, hooks and custom functions. */
@NullMarked
package org.jtorch.autograd;

import org.jspecify.annotations.NullMarked;
