/** Small complete programs to copy. */
@NullMarked
package org.jtorch.examples;

import org.jspecify.annotations.NullMarked;
