/** What other modules of this project do with optimizers. It is not part of the API. */
@NullMarked
package org.jtorch.optim.internal;

import org.jspecify.annotations.NullMarked;
