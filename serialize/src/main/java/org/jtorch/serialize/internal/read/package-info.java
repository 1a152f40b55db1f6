/** A file of any format, read: told by its first bytes, then its tensors loaded. No API. */
@NullMarked
package org.jtorch.serialize.internal.read;

import org.jspecify.annotations.NullMarked;
