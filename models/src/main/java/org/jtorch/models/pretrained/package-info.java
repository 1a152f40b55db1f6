/** Configurations and weights in the folders that Hugging Face's libraries write. */
@NullMarked
package org.jtorch.models.pretrained;

import org.jspecify.annotations.NullMarked;
