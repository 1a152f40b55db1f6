/** T5, an encoder and a decoder. */
@NullMarked
package org.jtorch.models.t5;

import org.jspecify.annotations.NullMarked;
