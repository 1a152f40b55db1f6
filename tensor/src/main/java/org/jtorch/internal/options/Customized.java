package org.jtorch.internal.options;

import java.util.Objects;
import java.util.function.Consumer;

/** Applies customizers of optional arguments: every {@code Consumer<Options>} is called here. */
public final class Customized {

    private Customized() {}

    /**
     * Returns the options after the customizer has set some of them.
     *
     * @param options new options with the defaults
     */
    public static <T> T of(T options, Consumer<? super T> customizer) {
        Objects.requireNonNull(customizer, "the options are null: give o -> {} for the defaults")
                .accept(options);
        return options;
    }
}
