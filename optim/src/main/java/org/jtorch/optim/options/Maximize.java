package org.jtorch.optim.options;

/**
 * Options of an optimizer that can also maximize.
 *
 * @param <S> the options class itself
 */
public interface Maximize<S> extends OptionAccess<S> {

    /** Sets whether to maximize the objective instead of minimizing it; the default is false. */
    default S maximize(boolean value) {
        return set("maximize", value);
    }

    /** Returns whether the objective is maximized. */
    default boolean maximize() {
        return flag("maximize");
    }
}
