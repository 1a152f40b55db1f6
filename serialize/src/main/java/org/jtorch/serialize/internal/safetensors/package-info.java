/** The safetensors format, and sets of its files with an index. Not an API. */
@NullMarked
package org.jtorch.serialize.internal.safetensors;

import org.jspecify.annotations.NullMarked;
