package org.jtorch.nn.internal;

import org.jspecify.annotations.Nullable;

/**
 * The group of all processes that compute together, for layers that exchange values with the other processes. There is none
 * unless this process was connected with others.
 */
public final class World {

    private static volatile @Nullable Object all;

    private World() {}

    /** Sets the group after this process was connected. */
    public static void enter(Object group) {
        all = group;
    }

    /** Forgets the group after the connection was closed. */
    public static void leave() {
        all = null;
    }

    /**
     * Returns the group, or null if there is none.
     *
     * @param type the class as which a layer uses it, which this package must not know
     */
    public static <T> @Nullable T group(Class<T> type) {
        Object group = all;
        return group == null ? null : type.cast(group);
    }
}
