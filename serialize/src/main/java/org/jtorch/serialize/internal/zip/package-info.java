/** Zip archives as PyTorch writes them. No API. */
@NullMarked
package org.jtorch.serialize.internal.zip;

import org.jspecify.annotations.NullMarked;
