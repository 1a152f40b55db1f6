/** Code that layers share and that users do not need. */
@NullMarked
package org.jtorch.nn.internal;

import org.jspecify.annotations.NullMarked;
