package org.jtorch.nn;

/**
 * Optional arguments that several layers share, each of which adds its own: what they set in common returns the options of the
 * layer, so that calls chain.
 *
 * <pre>{@code
 * public static final class Options extends LayerOptions<Options> {
 *     private boolean bias = true;
 *
 *     public Options bias(boolean newBias) {
 *         bias = newBias;
 *         return this;
 *     }
 * }
 * }</pre>
 *
 * @param <S> the options class itself; a class that names another one fails with a {@link ClassCastException}
 */
public abstract class ChainedOptions<S extends ChainedOptions<S>> {

    /** Options with nothing set. */
    protected ChainedOptions() {}

    /** Returns this object, as what its class is. */
    @SuppressWarnings("unchecked") // S is the class itself
    protected final S self() {
        return (S) this;
    }
}
