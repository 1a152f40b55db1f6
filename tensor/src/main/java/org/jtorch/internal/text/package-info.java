/** Numbers and texts in Python's format, and tables. Not an API. */
@NullMarked
package org.jtorch.internal.text;

import org.jspecify.annotations.NullMarked;
