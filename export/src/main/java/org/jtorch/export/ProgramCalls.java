package org.jtorch.export;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.export.internal.tree.Typed;

/**
 * Runs one rewritten program.
 *
 * @param <I> the type of the input
 * @param <O> the type of the output
 */
record ProgramCalls<I extends @Nullable Object, O extends @Nullable Object>(Rewritten program, Class<O> output)
        implements Calls<I, O> {

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // converted to the type of the class
    public O call(I input) {
        try (GradMode mode = Autograd.inferenceMode()) {
            return (O) Typed.fromTree(program.run(program.given(input)), output, "the output of the program");
        }
    }

    @Override
    public Map<String, Rewritten> programs() {
        return Map.of("", program);
    }
}
