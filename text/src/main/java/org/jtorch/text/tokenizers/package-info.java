/** Texts to tokens and back. */
@NullMarked
package org.jtorch.text.tokenizers;

import org.jspecify.annotations.NullMarked;
