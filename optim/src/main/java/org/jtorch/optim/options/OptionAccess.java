package org.jtorch.optim.options;

import org.jspecify.annotations.Nullable;

/**
 * Options by name. {@link OptimizerOptions} implements this; the interfaces of shared options are built on it.
 *
 * @param <S> the options class itself
 */
public interface OptionAccess<S> {

    /**
     * Sets an option.
     *
     * @param name the name in PyTorch, such as {@code weight_decay}
     * @param value a number, a boolean, a text, a tuple or an array of numbers, or null if the option may be absent
     * @throws IllegalArgumentException if there is no such option or the value is not allowed
     */
    S set(String name, @Nullable Object value);

    /**
     * Returns an option.
     *
     * @return a {@code Double}, {@code Long}, {@code Boolean}, {@code String}, a {@code Tuple} of these, or null
     * @throws IllegalArgumentException if there is no such option
     */
    @Nullable
    Object get(String name);

    /** Returns an option that is a number. */
    double number(String name);

    /** Returns an element of an option that is a tuple of numbers. */
    double number(String name, int index);

    /** Returns an option that is true or false; false if it is absent. */
    boolean flag(String name);
}
