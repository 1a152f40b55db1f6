/** The {@code jtorch} command. */
@NullMarked
package org.jtorch.cli;

import org.jspecify.annotations.NullMarked;
