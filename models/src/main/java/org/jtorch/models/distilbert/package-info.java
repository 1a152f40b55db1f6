/** DistilBERT. */
@NullMarked
package org.jtorch.models.distilbert;

import org.jspecify.annotations.NullMarked;
