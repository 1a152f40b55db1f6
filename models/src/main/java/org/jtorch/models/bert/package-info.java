/** BERT. */
@NullMarked
package org.jtorch.models.bert;

import org.jspecify.annotations.NullMarked;
