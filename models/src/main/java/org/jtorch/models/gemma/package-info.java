/** Gemma. */
@NullMarked
package org.jtorch.models.gemma;

import org.jspecify.annotations.NullMarked;
