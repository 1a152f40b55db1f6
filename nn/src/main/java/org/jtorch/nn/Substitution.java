package org.jtorch.nn;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.StandIn;
import org.jtorch.Tensor;

/**
 * Lets tensors stand for others on one thread, for the length of one functional call. Other threads see them as they are, and
 * may run substitutions of their own.
 */
final class Substitution implements AutoCloseable {

    private static final ThreadLocal<@Nullable Substitution> CURRENT = new ThreadLocal<>();

    /** Tensors that are lent now, by any thread; guarded by itself. */
    private static final Map<Tensor, Loan> LOANS = new IdentityHashMap<>();

    private static final class Loan {
        final Tensor real;
        int holders;

        Loan(Tensor tensor) {
            real = StandIn.lend(tensor, lent -> () -> {
                Tensor given = of(tensor);
                return given == null ? lent : given;
            });
        }
    }

    private final @Nullable Substitution outer;
    private final Map<Tensor, Tensor> given;
    private final List<Tensor> lent = new ArrayList<>();

    /** Begins it: from now on each key is its value on this thread. */
    Substitution(Map<Tensor, Tensor> substitutes) {
        outer = CURRENT.get();
        given = new IdentityHashMap<>();
        try {
            // a value may be itself a key, here or further out: take what it is at this moment
            substitutes.forEach((tensor, value) -> given.put(tensor, StandIn.alias(value)));
            synchronized (LOANS) {
                for (Tensor tensor : given.keySet()) {
                    if (!(tensor instanceof DerivedParameter)) { // which asks by itself
                        LOANS.computeIfAbsent(tensor, Loan::new).holders++;
                        lent.add(tensor);
                    }
                }
            }
        } catch (RuntimeException e) {
            giveBack();
            throw e;
        }
        CURRENT.set(this);
    }

    static boolean isActive() {
        return CURRENT.get() != null;
    }

    /** What {@code tensor} stands for on this thread, or null for itself. */
    static @Nullable Tensor of(Tensor tensor) {
        for (Substitution s = CURRENT.get(); s != null; s = s.outer) {
            Tensor value = s.given.get(tensor);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    @Override
    public void close() {
        if (outer == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(outer);
        }
        giveBack();
    }

    private void giveBack() {
        synchronized (LOANS) {
            for (Tensor tensor : lent) {
                Loan loan = LOANS.get(tensor);
                if (loan != null && --loan.holders == 0) {
                    StandIn.takeBack(tensor, loan.real);
                    LOANS.remove(tensor);
                }
            }
        }
        given.values().forEach(Tensor::close);
    }
}
