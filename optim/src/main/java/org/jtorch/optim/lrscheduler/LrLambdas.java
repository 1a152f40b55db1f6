package org.jtorch.optim.lrscheduler;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.LongToDoubleFunction;
import org.jtorch.optim.Optimizer;

/** The functions of {@link LambdaLR} and {@link MultiplicativeLR}, one for each group. They are not saved. */
final class LrLambdas {

    private final List<LongToDoubleFunction> functions;

    private LrLambdas(List<? extends LongToDoubleFunction> functions) {
        this.functions = List.copyOf(functions);
    }

    static LrLambdas same(Optimizer<?> optimizer, LongToDoubleFunction function) {
        Objects.requireNonNull(function, "lr_lambda should be a function, but got null");
        return new LrLambdas(Collections.nCopies(optimizer.groups().size(), function));
    }

    static LrLambdas each(Optimizer<?> optimizer, List<? extends LongToDoubleFunction> functions) {
        int groups = optimizer.groups().size();
        if (functions.size() != groups) {
            throw new IllegalArgumentException("Expected " + groups + " lr_lambdas, but got " + functions.size());
        }
        return new LrLambdas(functions);
    }

    /** Returns each learning rate times what its function returns for an epoch. */
    double[] times(double[] lrs, long epoch, String scheduler) {
        if (lrs.length != functions.size()) {
            throw new IllegalStateException(
                    scheduler + " has " + functions.size() + " functions, but the optimizer has " + lrs.length
                            + " groups: create a new schedule if a group was added");
        }
        double[] results = new double[lrs.length];
        for (int i = 0; i < lrs.length; i++) {
            results[i] = lrs[i] * functions.get(i).applyAsDouble(epoch);
        }
        return results;
    }

    /**
     * Declares the place of the functions. PyTorch saves null for a function, and the attributes of an object that can be called.
     */
    void declare(SchedulerState state) {
        state.add("lr_lambdas", () -> Collections.nCopies(functions.size(), null), value -> {
            List<?> saved = state.readList("lr_lambdas", value);
            if (saved.size() != functions.size()) {
                throw new IllegalArgumentException(
                        "Expected " + functions.size() + " lr_lambdas, but got " + saved.size());
            }
            for (Object function : saved) {
                if (function != null) {
                    throw state.wrong(
                            "lr_lambdas",
                            "null for each function, since the attributes of a Python object have no meaning here",
                            function);
                }
            }
            return () -> {};
        });
    }
}
