/** Models from the Hugging Face Hub. */
@NullMarked
package org.jtorch.models.hub;

import org.jspecify.annotations.NullMarked;
