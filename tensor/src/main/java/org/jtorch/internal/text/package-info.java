/** Numbers and texts as Python writes them, and tables. No API. */
@NullMarked
package org.jtorch.internal.text;

import org.jspecify.annotations.NullMarked;
