/** Zip archives as PyTorch writes them. Not an API. */
@NullMarked
package org.jtorch.serialize.internal.zip;

import org.jspecify.annotations.NullMarked;
