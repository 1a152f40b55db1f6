package org.jtorch.export.internal.run;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Operator;
import org.jtorch.internal.TrustedOperators;

/** A call of an operator of the engine. */
final class OperatorStep implements Step {

    private final Operator operator;
    private final Fetch[] arguments;
    private final Results[] results;

    OperatorStep(Operator operator, List<Fetch> arguments, List<Results> results) {
        this.operator = operator;
        this.arguments = arguments.toArray(Fetch[]::new);
        this.results = results.toArray(Results[]::new);
    }

    @Override
    public void run(@Nullable Object[] frame) {
        @Nullable Object[] values = new @Nullable Object[arguments.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = arguments[i].get(frame);
        }
        @Nullable Object[] made = TrustedOperators.results(operator, values);
        if (made.length < results.length) {
            throw new IllegalStateException(
                    operator + " returned " + made.length + " values, but the graph has names for " + results.length);
        }
        for (int i = 0; i < results.length; i++) {
            results[i].put(made[i], frame);
        }
    }

    @Override
    public void forEachRead(Consumer<Integer> visitor) {
        for (Fetch argument : arguments) {
            argument.forEachSlot(visitor);
        }
    }

    @Override
    public void forEachMade(Consumer<Integer> visitor) {
        for (Results result : results) {
            result.forEachSlot(visitor);
        }
    }
}
