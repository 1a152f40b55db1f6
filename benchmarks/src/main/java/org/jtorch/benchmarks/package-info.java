/** JMH benchmarks of what is finer than a row of {@code jtorch bench}. */
@NullMarked
package org.jtorch.benchmarks;

import org.jspecify.annotations.NullMarked;
