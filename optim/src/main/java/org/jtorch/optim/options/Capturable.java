package org.jtorch.optim.options;

/**
 * Options of an optimizer whose steps PyTorch can record in a CUDA graph.
 *
 * @param <S> the options class itself
 */
public interface Capturable<S> extends OptionAccess<S> {

    /**
     * Sets PyTorch's option for CUDA graphs; the default is false. There are no CUDA graphs here, so the option changes nothing
     * but the saved state, in which PyTorch finds it again.
     */
    default S capturable(boolean value) {
        return set("capturable", value);
    }

    /** Returns whether PyTorch's option for CUDA graphs is set. */
    default boolean capturable() {
        return flag("capturable");
    }
}
