package org.jtorch.internal;

import org.jspecify.annotations.Nullable;
import org.jtorch.Operator;

/** Operators that {@link Operator#find} refuses, for the modules of this project: they make sure of the arguments themselves. */
public final class TrustedOperators {

    /** Implemented beside {@link Operator}. */
    @FunctionalInterface
    public interface Access {

        /** See {@link TrustedOperators#find}. */
        Operator find(String name, String overload);
    }

    private static @Nullable Access access;

    private TrustedOperators() {}

    /** Called once, by the class initialiser of {@link Operator}. */
    public static void install(Access implementation) {
        access = implementation;
    }

    /** As {@link Operator#find}, of all operators that the engine has, without any guard. */
    public static Operator find(String name, String overload) {
        Access current = access;
        if (current == null) {
            Operator.find("aten::abs", ""); // initialises the class, which installs
            current = access;
        }
        if (current == null) {
            throw new IllegalStateException("Operator is not initialised");
        }
        return current.find(name, overload);
    }
}
