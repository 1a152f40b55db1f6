/** The rules that hold across modules. */
@NullMarked
package org.jtorch.architecture;

import org.jspecify.annotations.NullMarked;
