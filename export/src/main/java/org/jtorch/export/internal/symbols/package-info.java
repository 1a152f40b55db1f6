/** The expressions of sizes that are known only when a program runs. */
@NullMarked
package org.jtorch.export.internal.symbols;

import org.jspecify.annotations.NullMarked;
