/** Looking inside models: what is in them, what they compute and hold, and what is wrong with them. */
@NullMarked
package org.jtorch.tools;

import org.jspecify.annotations.NullMarked;
