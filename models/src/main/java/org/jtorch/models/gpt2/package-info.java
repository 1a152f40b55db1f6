/** GPT-2. */
@NullMarked
package org.jtorch.models.gpt2;

import org.jspecify.annotations.NullMarked;
