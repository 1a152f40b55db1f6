/** The types of elements and how they lie in memory, by the names of each format. No API. */
@NullMarked
package org.jtorch.serialize.internal.elements;

import org.jspecify.annotations.NullMarked;
