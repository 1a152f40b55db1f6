package org.jtorch.serialize.internal.torch;

import java.util.Map;

/** What Python 3 calls things that Python 2, and with it the pickle protocols 0 to 2, has other names for. */
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

    /** Python 3's name, module and all, of what {@code module} calls {@code name}. */
    static String of(String module, String name) {
        String same = MODULES.getOrDefault(module, module) + "." + name;
        return module.equals("__builtin__") ? BUILTINS.getOrDefault(name, same) : same;
    }
}
