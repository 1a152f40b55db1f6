package org.jtorch.export.internal.run;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Operator;
import org.jtorch.internal.TrustedOperators;

/** A call of an operator of the engine. */
final class OperatorStep implements Step {

    private final Operator operator;
    private final Fetch[] arguments;
    private final Results[] results;

    /** Whether each argument is a constant. */
    private final boolean[] constant;

    /** Made by the first call, so that constants that do not fit the operator are an error of that call. */
    private volatile @Nullable UnaryOperator<@Nullable Object[]> call;

    OperatorStep(Operator operator, List<Fetch> arguments, List<Results> results) {
        this.operator = operator;
        this.arguments = arguments.toArray(Fetch[]::new);
        this.results = results.toArray(Results[]::new);
        constant = new boolean[this.arguments.length];
        for (int i = 0; i < constant.length; i++) {
            constant[i] = this.arguments[i] instanceof Fetch.Constant;
        }
    }

    @Override
    public void run(@Nullable Object[] frame) {
        @Nullable Object[] values = new @Nullable Object[arguments.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = arguments[i].get(frame);
        }
        UnaryOperator<@Nullable Object[]> prepared = call;
        if (prepared == null) {
            prepared = TrustedOperators.prepared(operator, values, constant);
            call = prepared;
        }
        @Nullable Object[] made = prepared.apply(values);
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
