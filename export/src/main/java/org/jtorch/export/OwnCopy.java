package org.jtorch.export;

import org.jspecify.annotations.Nullable;
import org.jtorch.nn.Module;

/**
 * A module whose weights nobody else changes, for recordings at any time; or, if a module cannot be copied, that module.
 *
 * @param obstacle why there is no copy; null if there is one
 */
record OwnCopy<M extends Module<?, ?>>(M module, @Nullable RuntimeException obstacle) {

    static <M extends Module<?, ?>> OwnCopy<M> of(M module) {
        try {
            return new OwnCopy<>(Module.deepCopy(module), null);
        } catch (IllegalStateException e) {
            return new OwnCopy<>(module, e);
        }
    }
}
