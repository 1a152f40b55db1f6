/** State dicts: what a module's parameters and buffers are saved as, loaded from and compared by. */
@NullMarked
package org.jtorch.nn.state;

import org.jspecify.annotations.NullMarked;
