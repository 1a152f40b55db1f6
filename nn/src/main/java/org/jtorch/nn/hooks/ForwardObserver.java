package org.jtorch.nn.hooks;

import org.jspecify.annotations.Nullable;

/**
 * Observes the input and the output of a module after its forward. It changes nothing and returns nothing: a
 * {@link ForwardHook} without {@code return null}. It is registered by {@link org.jtorch.nn.Module#registerForwardObserver}.
 *
 * @param <M> the type of the module
 * @param <I> the type of the module's input
 * @param <O> the type of the output
 */
@FunctionalInterface
public interface ForwardObserver<M, I extends @Nullable Object, O extends @Nullable Object> {

    /**
     * Called at each event.
     *
     * @param module the module that was called
     * @param input the input of its forward
     * @param output the output, as earlier hooks have changed it. It is null if the observer is registered with
     *     {@code alwaysCall} and an exception ended the call before there was an output
     */
    void look(M module, I input, O output);

    /** Returns this observer as a hook that changes nothing. */
    default ForwardHook<M, I, O> asHook() {
        return (module, input, output) -> {
            look(module, input, output);
            return null;
        };
    }
}
