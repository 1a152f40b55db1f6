package org.jtorch.internal.options;

import java.util.function.Consumer;

/** Optional arguments after the caller has set some of them: how each {@code Consumer<Options>} is applied. */
public final class Customized {

    private Customized() {}

    /**
     * The options after the customizer has set some of them.
     *
     * @param options new ones, which have the defaults
     */
    public static <T> T of(T options, Consumer<? super T> customizer) {
        customizer.accept(options);
        return options;
    }
}
