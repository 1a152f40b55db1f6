package org.jtorch;

import java.util.concurrent.atomic.AtomicReference;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.engine.Modes;

/**
 * The arguments of an operator that are the same at each call, such as sizes and dimensions, in the engine's form. Most of the time of
 * a small operation would otherwise be spent on making them. Any number of threads may use it.
 */
final class PreparedArguments {

    /** A stack with the known arguments, and nothing in the places of the others. It does not change. */
    private final IValueVector known = new IValueVector();

    private final boolean[] isKnown;

    /** A stack that no call uses. */
    private final AtomicReference<@Nullable IValueVector> spare = new AtomicReference<>();

    /**
     * Creates the arguments.
     *
     * @param values all arguments of a call
     * @param constant which of them are the same at each call
     * @throws IllegalArgumentException if one has another kind than the schema requires
     */
    PreparedArguments(Operator operator, @Nullable Object[] values, boolean[] constant) {
        isKnown = new boolean[values.length];
        // a number in place of a tensor becomes one, which any later call may use
        try (Modes.Mode mode = Modes.inference(false)) {
            for (int i = 0; i < values.length; i++) {
                isKnown[i] = constant[i] && isShareable(operator.arguments().get(i), values[i]);
                try (IValue boxed = isKnown[i] ? operator.box(i, values) : new IValue()) {
                    known.push_back(boxed);
                }
            }
        }
    }

    /** Returns whether calls may share an argument: it is no tensor, or a number that is neither written nor returned. */
    private static boolean isShareable(Operator.Argument argument, @Nullable Object value) {
        return value == null
                || !argument.type().startsWith("Tensor")
                || (value instanceof Number || value instanceof Boolean) && !argument.aliased() && !argument.written();
    }

    boolean isKnown(int index) {
        return isKnown[index];
    }

    /** Returns a stack with the known arguments. The caller puts the others, and passes it to {@link #give} or closes it. */
    IValueVector take() {
        IValueVector free = spare.getAndSet(null);
        return free == null ? new IValueVector().put(known) : free;
    }

    /** Takes a stack back after a call. */
    void give(IValueVector stack) {
        stack.put(known);
        IValueVector other = spare.getAndSet(stack);
        if (other != null) {
            other.close();
        }
    }
}
