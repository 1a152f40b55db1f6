package org.jtorch.serialize.internal.elements;

import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.format.CheckpointException;

/** numpy's types of numbers: their names, and their codes, which are a kind and the bytes of an element. */
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

    /** The name of a code; null if that is no number. */
    public static @Nullable String name(String code) {
        return NAMES.get(code);
    }

    /**
     * The code of a name.
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

    /** Bytes of an element. */
    public static int itemSize(String code) {
        return Integer.parseInt(code.substring(1));
    }
}
