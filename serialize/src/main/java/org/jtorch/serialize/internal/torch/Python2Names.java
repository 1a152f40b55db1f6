package org.jtorch.serialize.internal.torch;

import java.util.Map;

/**
 * The names in Python 3 of classes and functions that have other names in Python 2, and therefore in the pickle protocols 0
 * to 2.
 */
public final class Python2Names {

    private static final Map<String, String> MODULES =
            Map.of("__builtin__", "builtins", "exceptions", "builtins", "copy_reg", "copyreg");

    private static final Map<String, String> BUILTINS = Map.of(
            "long", "builtins.int",
            "unicode", "builtins.str",
            "basestring", "builtins.str",
            "xrange", "builtins.range",
            "unichr", "builtins.chr",
            "intern", "sys.intern",
            "reduce", "functools.reduce");

    private Python2Names() {}

    /** Returns the full name in Python 3 of {@code name} in {@code module}. */
    static String of(String module, String name) {
        String same = MODULES.getOrDefault(module, module) + "." + name;
        return module.equals("__builtin__") ? BUILTINS.getOrDefault(name, same) : same;
    }
}
