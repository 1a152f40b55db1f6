/** Qwen3. */
@NullMarked
package org.jtorch.models.qwen3;

import org.jspecify.annotations.NullMarked;
