/** How optional arguments are set, in every module. */
@NullMarked
package org.jtorch.internal.options;

import org.jspecify.annotations.NullMarked;
