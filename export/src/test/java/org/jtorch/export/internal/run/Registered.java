package org.jtorch.export.internal.run;

/** Takes operators that a test has registered away again. */
public final class Registered {

    private Registered() {}

    /** Removes the operator of {@code aten} with a name and no overload, if it is registered. */
    public static void remove(String name) {
        OperatorRegistry.remove("aten::" + name, "");
    }
}
