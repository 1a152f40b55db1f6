/** The setting of optional arguments, for all modules. */
@NullMarked
package org.jtorch.internal.options;

import org.jspecify.annotations.NullMarked;
