/** What classifiers say, of whatever they classify. */
@NullMarked
package org.jtorch.models.classification;

import org.jspecify.annotations.NullMarked;
