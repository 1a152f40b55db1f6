/** Python's pickle as data: read without calling anything, and written as Python's pickler writes it. Not an API. */
@NullMarked
package org.jtorch.serialize.internal.pickle;

import org.jspecify.annotations.NullMarked;
