/** Serving: single requests are joined into batches. */
@NullMarked
package org.jtorch.data.serving;

import org.jspecify.annotations.NullMarked;
