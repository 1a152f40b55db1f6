package org.jtorch;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes tensor objects stand for other tensors on the current thread, from the construction of this object to its {@link
 * #close}. For code that holds the objects and should compute with the other tensors. Other threads see the objects
 * unchanged, and may have substitutions of their own. Those of one thread must be closed in the reverse order.
 *
 * <pre>{@code
 * try (Substitution s = new Substitution(Map.of(model.fc.weight, fast))) {
 *     return model.call(x);           // with fast in place of the weight
 * }
 * }</pre>
 */
public final class Substitution implements AutoCloseable {

    private static final ThreadLocal<@Nullable Substitution> CURRENT = new ThreadLocal<>();

    /** The tensors that are lent now, by any thread; guarded by itself. */
    private static final Map<Tensor, Loan> LOANS = new IdentityHashMap<>();

    private static final class Loan {
        final Tensor real;
        int holders;

        Loan(Tensor tensor) {
            real = tensor.lend(lent -> () -> {
                Tensor given = of(tensor);
                return given == null ? lent : given;
            });
        }
    }

    private final @Nullable Substitution outer;
    private final Map<Tensor, Tensor> given;
    private final List<Tensor> lent = new ArrayList<>();
    private final List<Tensor> replaced = new ArrayList<>();

    /**
     * Starts a substitution.
     *
     * @param substitutes the tensors to stand for, by the objects that stand for them
     */
    public Substitution(Map<Tensor, Tensor> substitutes) {
        outer = CURRENT.get();
        given = new IdentityHashMap<>();
        try {
            // a value may be a key of this or an outer substitution: take its present tensor
            substitutes.forEach((tensor, value) -> given.put(tensor, StandIn.alias(value)));
            synchronized (LOANS) {
                for (Tensor tensor : given.keySet()) {
                    if (LOANS.containsKey(tensor)
                            || !tensor.hasStandIn()) { // otherwise its own stand-in reads the substitution
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

    /** Returns whether there is a substitution on the current thread. */
    public static boolean isActive() {
        return CURRENT.get() != null;
    }

    /**
     * Returns the tensor that {@code tensor} stands for on the current thread by a substitution, or null if there is none.
     */
    public static @Nullable Tensor of(Tensor tensor) {
        for (Substitution s = CURRENT.get(); s != null; s = s.outer) {
            Tensor value = s.given.get(tensor);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    /**
     * Replaces the data of a tensor as {@link Tensor#setData}, even if {@code tensor} stands for another. If it does so on
     * the current thread, it stands for {@code value} until the substitution ends. If it does so only on other threads,
     * they do not see the change.
     *
     * @param value replaces the substitute
     * @param data replaces the tensor's own values; a graph that computed them is dropped
     */
    public static void setData(Tensor tensor, Tensor value, Tensor data) {
        for (Substitution s = CURRENT.get(); s != null; s = s.outer) {
            Tensor before = s.given.get(tensor);
            if (before != null) {
                s.given.put(tensor, StandIn.alias(value).unscoped());
                s.replaced.add(before); // running code may still use it
                return;
            }
        }
        synchronized (LOANS) {
            Loan loan = LOANS.get(tensor);
            Tensor own = loan == null ? tensor : loan.real;
            if (!own.hasStandIn() && !own.isLeaf()) {
                own.detach_();
            }
            own.setData(data);
        }
    }

    /** Ends the substitution. */
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
                    tensor.takeBack(loan.real);
                    LOANS.remove(tensor);
                }
            }
        }
        given.values().forEach(Tensor::close);
        replaced.forEach(Tensor::close);
    }
}
