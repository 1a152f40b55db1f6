/** Modules as data: made from their PyTorch names and arguments. */
@NullMarked
package org.jtorch.nn.spec;

import org.jspecify.annotations.NullMarked;
