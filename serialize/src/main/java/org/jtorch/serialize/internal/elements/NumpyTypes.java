package org.jtorch.serialize.internal.elements;

import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.format.CheckpointException;

/** The names of numpy's types of numbers, and their codes, which consist of a kind and the number of bytes of an element. */
public final class NumpyTypes {

    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("b1", "bool"),
            Map.entry("i1", "int8"),
            Map.entry("u1", "uint8"),
            Map.entry("i2", "int16"),
            Map.entry("u2", "uint16"),
            Map.entry("i4", "int32"),
            Map.entry("u4", "uint32"),
            Map.entry("i8", "int64"),
            Map.entry("u8", "uint64"),
            Map.entry("f2", "float16"),
            Map.entry("f4", "float32"),
            Map.entry("f8", "float64"),
            Map.entry("c8", "complex64"),
            Map.entry("c16", "complex128"));

    private static final Map<String, String> CODES =
            NAMES.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

    private NumpyTypes() {}

    /** Returns the name for a code, or null if it is not a type of numbers. */
    public static @Nullable String name(String code) {
        return NAMES.get(code);
    }

    /**
     * Returns the code for a name.
     *
     * @throws CheckpointException if there is no such type of numbers
     */
    public static String code(String name) {
        String code = CODES.get(name);
        if (code == null) {
            throw new CheckpointException("numpy has no type of numbers called '" + name + "'");
        }
        return code;
    }

    /** Returns the number of bytes of an element. */
    public static int itemSize(String code) {
        return Integer.parseInt(code.substring(1));
    }
}
