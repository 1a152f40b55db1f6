package org.jtorch.nn;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a call has beside the module's input.
 *
 * @param value what hooks see
 * @param forward the module's forward with it
 */
record FurtherArgument<I extends @Nullable Object, O extends @Nullable Object>(Object value, Function<I, O> forward) {}
