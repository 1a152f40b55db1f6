package org.jtorch.export.internal.run;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call of a function in Java: an operator on sizes, one on graphs, or one that was registered. Its results may be its
 * arguments.
 */
public final class FunctionStep implements Step {

    /** The function. */
    @FunctionalInterface
    public interface Body {
        /** Returns the results in order. */
        List<? extends @Nullable Object> call(List<@Nullable Object> arguments);
    }

    private final Body body;
    private final List<Fetch> arguments;
    private final List<Results> results;

    FunctionStep(Body body, List<Fetch> arguments, List<Results> results) {
        this.body = body;
        this.arguments = arguments;
        this.results = results;
    }

    @Override
    public void run(@Nullable Object[] frame) {
        List<@Nullable Object> values = new ArrayList<>(arguments.size());
        for (Fetch argument : arguments) {
            values.add(argument.get(frame));
        }
        List<? extends @Nullable Object> made = body.call(values);
        if (made.size() < results.size()) {
            throw new IllegalStateException(
                    "the operator returned " + made.size() + " values, but the graph has names for " + results.size());
        }
        for (int i = 0; i < results.size(); i++) {
            results.get(i).put(made.get(i), frame);
        }
    }

    @Override
    public void forEachRead(Consumer<Integer> visitor) {
        arguments.forEach(argument -> argument.forEachSlot(visitor));
    }

    @Override
    public void forEachMade(Consumer<Integer> visitor) {
        // a result may be an argument, which must not be freed
    }
}
