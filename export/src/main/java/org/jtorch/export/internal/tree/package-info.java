/** The trees of a program's inputs and outputs. */
@NullMarked
package org.jtorch.export.internal.tree;

import org.jspecify.annotations.NullMarked;
