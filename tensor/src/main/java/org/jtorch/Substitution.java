package org.jtorch;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets tensor objects stand for other tensors on the calling thread, from its making to its {@link #close}, for code that holds
 * the objects and is to compute with the others. Other threads see the objects as they are, and may run substitutions of their
 * own; those of one thread are closed in the reverse order of their making.
 *
 * <pre>{@code
 * try (Substitution s = new Substitution(Map.of(model.fc.weight, fast))) {
 *     return model.call(x);           // with fast in place of the weight
 * }
 * }</pre>
 */
public final class Substitution implements AutoCloseable {

    private static final ThreadLocal<@Nullable Substitution> CURRENT = new ThreadLocal<>();

    /** Tensors that are lent now, by any thread; guarded by itself. */
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
     * Begins it.
     *
     * @param substitutes by each object, what it is from now on
     */
    public Substitution(Map<Tensor, Tensor> substitutes) {
        outer = CURRENT.get();
        given = new IdentityHashMap<>();
        try {
            // a value may be itself a key, here or further out: take what it is at this moment
            substitutes.forEach((tensor, value) -> given.put(tensor, StandIn.alias(value)));
            synchronized (LOANS) {
                for (Tensor tensor : given.keySet()) {
                    if (LOANS.containsKey(tensor) || !tensor.hasStandIn()) { // else its own stand-in asks for it
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

    /** Whether there is one on this thread. */
    public static boolean isActive() {
        return CURRENT.get() != null;
    }

    /** What {@code tensor} stands for on this thread by a substitution, or null if it is in none. */
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
     * {@link Tensor#setData}, also while {@code tensor} stands for another: if it does so on this thread, it stands for
     * {@code value} until the substitution ends; if it does so on other threads only, they see nothing of it.
     *
     * @param value what takes the place of a substitute
     * @param data what takes the place of the tensor's own values; a graph that computed those is left behind
     */
    public static void setData(Tensor tensor, Tensor value, Tensor data) {
        for (Substitution s = CURRENT.get(); s != null; s = s.outer) {
            Tensor before = s.given.get(tensor);
            if (before != null) {
                s.given.put(tensor, StandIn.alias(value).unscoped());
                s.replaced.add(before); // which the code that runs may still be looking at
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

    /** Ends it. */
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
