/** Options of optimizers: their base class, and the options that several optimizers have. */
@NullMarked
package org.jtorch.optim.options;

import org.jspecify.annotations.NullMarked;
