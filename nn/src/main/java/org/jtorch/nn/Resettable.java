package org.jtorch.nn;

/**
 * A module whose parameters can be initialized again. All layers with parameters of their own implement it:
 *
 * <pre>{@code
 * model.apply(m -> {
 *     if (m instanceof Resettable layer) {
 *         layer.resetParameters();
 *     }
 * });
 * }</pre>
 *
 * <p>A module that only holds other modules, such as {@link Sequential}, does not implement it; {@link Module#apply} reaches
 * the modules that it holds.
 */
public interface Resettable {

    /**
     * Gives this module's own parameters new initial values, in the same way as the constructor. A lazy module that has not
     * been called is left unchanged.
     */
    void resetParameters();
}
