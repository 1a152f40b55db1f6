/** JMH benchmarks of details that {@code jtorch bench} does not cover. */
@NullMarked
package org.jtorch.benchmarks;

import org.jspecify.annotations.NullMarked;
