package org.jtorch.nn;

/**
 * The base class of optional arguments that several layers share and to which each layer adds its own. The shared setters
 * return the options class of the layer, so that calls can be chained.
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
 * @param <S> the options class itself; if a class names another one, its setters throw a {@link ClassCastException}
 */
public abstract class ChainedOptions<S extends ChainedOptions<S>> {

    /** Creates options with nothing set. */
    protected ChainedOptions() {}

    /** Returns this object, as its own class. */
    @SuppressWarnings("unchecked") // S is the class itself.
    protected final S self() {
        return (S) this;
    }
}
