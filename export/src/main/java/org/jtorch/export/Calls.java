package org.jtorch.export;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Compiled} runs.
 *
 * @param <I> the type of the input
 * @param <O> the type of the output
 */
sealed interface Calls<I extends @Nullable Object, O extends @Nullable Object> permits ProgramCalls, ModuleCalls {

    /** Runs it without recording gradients. */
    O call(I input);

    /** Returns the programs by the signatures for which they were made, in the order in which they were made. */
    Map<String, Rewritten> programs();
}
