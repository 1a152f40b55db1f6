/**
 * Turns tables into Java: those of ops into the interfaces of {@code Tensor} and the statics of {@code Torch}, those of functions
 * into {@code F}. Runs at build time only.
 */
@NullMarked
package org.jtorch.opgen;

import org.jspecify.annotations.NullMarked;
