/** Parts that several models share. */
@NullMarked
package org.jtorch.models.layers;

import org.jspecify.annotations.NullMarked;
