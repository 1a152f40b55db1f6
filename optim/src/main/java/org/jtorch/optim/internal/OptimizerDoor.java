package org.jtorch.optim.internal;

import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/**
 * Access to members of {@code Optimizer} that are not public. That class registers an implementation in its static initializer. It is
 * declared here so that no package depends on one that depends on it.
 *
 * @param <T> the class
 */
public abstract class OptimizerDoor<T> {

    private static volatile @Nullable OptimizerDoor<?> registered;

    /** Creates an implementation. */
    protected OptimizerDoor() {}

    /** Sets the implementation. */
    public static void register(OptimizerDoor<?> door) {
        registered = door;
    }

    /** Returns the implementation for {@code optimizer}, whose class has registered it. */
    @SuppressWarnings("unchecked") // only one class registers one
    public static <T> OptimizerDoor<T> of(T optimizer) {
        Objects.requireNonNull(optimizer, "the optimizer is null");
        return (OptimizerDoor<T>) Objects.requireNonNull(registered);
    }

    /**
     * Makes steps change only some parameters, and keep no state of the others. A state that is there is dropped, and one that is
     * loaded is ignored.
     *
     * @param share returns whether a parameter is changed
     */
    public abstract void limit(T optimizer, Predicate<? super Tensor> share);

    /** Returns whether {@link #limit} was called. */
    public abstract boolean isLimited(T optimizer);

    /** Returns the state of each parameter that has one, by its number over all groups, as {@code stateDict} returns it. */
    public abstract Map<Long, Object> states(T optimizer);

    /** Returns whether the algorithm looks at all parameters together, so that it cannot be limited. */
    public abstract boolean needsAllParameters(T optimizer);
}
