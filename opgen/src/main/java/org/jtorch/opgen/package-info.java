/**
 * Turns the op tables of jtorch-tensor into Java: one interface a table, and the statics of {@code Torch}. Runs at
 * build time only.
 */
@NullMarked
package org.jtorch.opgen;

import org.jspecify.annotations.NullMarked;
