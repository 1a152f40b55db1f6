/** Draws graphs as pages of HTML. */
@NullMarked
package org.jtorch.export.internal.draw;

import org.jspecify.annotations.NullMarked;
