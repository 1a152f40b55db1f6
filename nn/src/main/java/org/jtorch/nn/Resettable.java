package org.jtorch.nn;

/**
 * A module whose parameters can be given fresh initial values, which all layers with parameters of their own are:
 *
 * <pre>{@code
 * model.apply(m -> {
 *     if (m instanceof Resettable layer) {
 *         layer.resetParameters();
 *     }
 * });
 * }</pre>
 *
 * <p>A module that only holds others, such as {@link Sequential}, is not one: {@link Module#apply} reaches what it holds.
 */
public interface Resettable {

    /**
     * Gives this module's own parameters the initial values that its constructor gives: it draws them anew, if they are
     * random. A lazy module that was not called yet is left as it is.
     */
    void resetParameters();
}
