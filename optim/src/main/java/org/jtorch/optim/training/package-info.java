/** A training run as a whole: saving and resuming it. */
@NullMarked
package org.jtorch.optim.training;

import org.jspecify.annotations.NullMarked;
