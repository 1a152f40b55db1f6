/** The types of elements and their layout in memory, by the names of each format. Not an API. */
@NullMarked
package org.jtorch.serialize.internal.elements;

import org.jspecify.annotations.NullMarked;
