/** Mistral. */
@NullMarked
package org.jtorch.models.mistral;

import org.jspecify.annotations.NullMarked;
