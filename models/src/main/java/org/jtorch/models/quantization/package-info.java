/** Weights of fewer bits, for inference. */
@NullMarked
package org.jtorch.models.quantization;

import org.jspecify.annotations.NullMarked;
