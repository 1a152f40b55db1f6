/** The module system: {@link org.jtorch.nn.Module}, parameters, buffers, state dicts and containers. */
@NullMarked
package org.jtorch.nn;

import org.jspecify.annotations.NullMarked;
