/** Llama. */
@NullMarked
package org.jtorch.models.llama;

import org.jspecify.annotations.NullMarked;
