/** State dicts: the form in which parameters and buffers of a module are saved, loaded and compared. */
@NullMarked
package org.jtorch.nn.state;

import org.jspecify.annotations.NullMarked;
