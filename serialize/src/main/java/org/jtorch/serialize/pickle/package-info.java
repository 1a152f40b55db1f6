/**
 * Python's pickle as data: read without calling anything, written as Python's own pickler writes it. For use by
 * {@link org.jtorch.serialize.Checkpoint}; no API.
 */
@NullMarked
package org.jtorch.serialize.pickle;

import org.jspecify.annotations.NullMarked;
