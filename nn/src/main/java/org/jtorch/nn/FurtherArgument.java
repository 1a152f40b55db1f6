package org.jtorch.nn;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An argument that a call has in addition to the module's input.
 *
 * @param value the argument, which hooks receive
 * @param forward the forward of the module with that argument
 */
record FurtherArgument<I extends @Nullable Object, O extends @Nullable Object>(Object value, Function<I, O> forward) {}
