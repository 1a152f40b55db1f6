package org.jtorch.serialize.internal.pickle;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.format.TensorInfo;
import org.jtorch.serialize.python.OrderedDict;
import org.jtorch.serialize.python.PythonGlobal;
import org.jtorch.serialize.python.PythonObject;
import org.jtorch.serialize.python.Tuple;

/** Names values in messages by Python's names for their types. Values themselves are not shown, since they may be large. */
public final class Kinds {

    private Kinds() {}

    private static final Map<Class<?>, String> NAMES = Map.of(
            TensorInfo.class, "a tensor",
            Global.class, "a class or function",
            String.class, "a str",
            Long.class, "an int",
            Number.class, "an int or a float",
            Boolean.class, "a bool",
            Map.class, "a dict",
            List.class, "a list",
            Tuple.class, "a tuple");

    /** Returns Python's name for a type of values that are read. */
    static String named(Class<?> type) {
        return NAMES.getOrDefault(type, "a " + type.getSimpleName());
    }

    /** Returns the name of the type of {@code value}. */
    public static String of(@Nullable Object value) {
        if (value == null) {
            return "None";
        }
        if (value instanceof Internal internal) {
            return internal.description();
        }
        if (value instanceof Long || value instanceof BigInteger) {
            return "an int";
        }
        if (value instanceof Boolean) {
            return "a bool";
        }
        if (value instanceof Double) {
            return "a float";
        }
        if (value instanceof String) {
            return "a str";
        }
        if (value instanceof byte[]) {
            return "bytes";
        }
        if (value instanceof OrderedDict) {
            return "an OrderedDict";
        }
        if (value instanceof Map) {
            return "a dict";
        }
        if (value instanceof List) {
            return "a list";
        }
        if (value instanceof Tuple) {
            return "a tuple";
        }
        if (value instanceof Set) {
            return "a set";
        }
        if (value instanceof TensorInfo) {
            return "a tensor";
        }
        if (value instanceof PythonObject object) {
            return "an object of the class " + object.name();
        }
        if (value instanceof PythonGlobal global) {
            return "the class or function " + global.name();
        }
        return "a " + value.getClass().getSimpleName();
    }
}
