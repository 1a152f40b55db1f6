/** Qwen2. */
@NullMarked
package org.jtorch.models.qwen2;

import org.jspecify.annotations.NullMarked;
