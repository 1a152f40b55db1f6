/** Schedules, which change the learning rates of an optimizer during training. */
@NullMarked
package org.jtorch.optim.lrscheduler;

import org.jspecify.annotations.NullMarked;
