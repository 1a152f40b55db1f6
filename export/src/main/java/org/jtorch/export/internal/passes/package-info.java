/** The rewriting of graphs for inference. */
@NullMarked
package org.jtorch.export.internal.passes;

import org.jspecify.annotations.NullMarked;
