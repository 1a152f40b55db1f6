package org.jtorch.internal;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Operator;
import org.jtorch.internal.engine.Doors;
import org.jtorch.internal.engine.OneDnnCheck;

/**
 * Finds operators that {@link Operator#find} refuses, and calls operators with all their results, for the modules of this
 * project, which check the arguments themselves.
 */
public final class TrustedOperators {

    private static final Doors.Operators<Operator> DOOR = Doors.operators(Operator.class);

    private TrustedOperators() {}

    /**
     * Calls an operator as {@link Operator#call}.
     *
     * @return the results in order; null in place of a tensor that the operator leaves undefined
     */
    public static @Nullable Object[] results(Operator operator, @Nullable Object... values) {
        return DOOR.results(operator, values);
    }

    /** Returns whether oneDNN's convolutions are right on this machine, as a test of a few sizes has found. */
    public static boolean oneDnnIsRight() {
        return OneDnnCheck.convolutionsAreRight();
    }

    /**
     * Returns calls of an operator in which some arguments are the same each time: numbers, sizes, and the like. Such a call takes
     * less time.
     *
     * @param values the arguments of one call
     * @param constant which of them are the same at each call
     * @return takes all arguments of a call, and returns the results as {@link #results}; any number of threads may use it
     * @throws IllegalArgumentException if one of the constants has another kind than the schema requires
     */
    public static UnaryOperator<@Nullable Object[]> prepared(
            Operator operator, @Nullable Object[] values, boolean[] constant) {
        return DOOR.prepared(operator, values, constant);
    }

    /** Finds an operator as {@link Operator#find}, but among all operators of the engine. */
    public static Operator find(String name, String overload) {
        return DOOR.find(name, overload);
    }

    /**
     * Finds an operator as {@link #find}, whose calls are not guarded against arguments with which the engine crashes. For callers
     * that have made these checks, where making them twice would take a notable part of the time.
     */
    public static Operator findUnguarded(String name, String overload) {
        return DOOR.findUnguarded(name, overload);
    }
}
