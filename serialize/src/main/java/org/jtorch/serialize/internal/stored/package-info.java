/** The contents of a file before they are read. Not an API. */
@NullMarked
package org.jtorch.serialize.internal.stored;

import org.jspecify.annotations.NullMarked;
