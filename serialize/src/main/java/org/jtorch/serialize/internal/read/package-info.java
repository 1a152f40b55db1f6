/** Reading of files of any format: the detection of the format, and the loading of tensors. Not an API. */
@NullMarked
package org.jtorch.serialize.internal.read;

import org.jspecify.annotations.NullMarked;
