/**
 * Exported programs as data, in the terms of {@code torch.export}'s schema: a graph of operators on named values, and the
 * signature that says which values are parameters, buffers, inputs and outputs. The objects are immutable.
 */
@NullMarked
package org.jtorch.export.graph;

import org.jspecify.annotations.NullMarked;
