/** Models of texts that take and give strings. */
@NullMarked
package org.jtorch.text;

import org.jspecify.annotations.NullMarked;
