/** Python's pickle as data: read without calling anything, written as the pickler of Python writes it. No API. */
@NullMarked
package org.jtorch.serialize.internal.pickle;

import org.jspecify.annotations.NullMarked;
