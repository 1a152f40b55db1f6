/** What files of tensors have in common, whatever their format: their tensors, their limits, and the exceptions. */
@NullMarked
package org.jtorch.serialize.format;

import org.jspecify.annotations.NullMarked;
