/** What layers share and users need not see. */
@NullMarked
package org.jtorch.nn.internal;

import org.jspecify.annotations.NullMarked;
