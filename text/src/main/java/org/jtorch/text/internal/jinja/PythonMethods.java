package org.jtorch.text.internal.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The methods of Python's values, without those that change a value, which {@code transformers} refuses too. */
final class PythonMethods {

    private static final Set<String> OF_DICTIONARIES = Set.of(
            "clear", "copy", "fromkeys", "get", "items", "keys", "pop", "popitem", "setdefault", "update", "values");
    private static final Set<String> OF_LISTS =
            Set.of("append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove", "reverse", "sort");
    private static final Set<String> OF_TEXTS = Set.of(
            "capitalize",
            "casefold",
            "center",
            "count",
            "encode",
            "endswith",
            "expandtabs",
            "find",
            "format",
            "format_map",
            "index",
            "isalnum",
            "isalpha",
            "isascii",
            "isdecimal",
            "isdigit",
            "isidentifier",
            "islower",
            "isnumeric",
            "isprintable",
            "isspace",
            "istitle",
            "isupper",
            "join",
            "ljust",
            "lower",
            "lstrip",
            "maketrans",
            "partition",
            "removeprefix",
            "removesuffix",
            "replace",
            "rfind",
            "rindex",
            "rjust",
            "rpartition",
            "rsplit",
            "rstrip",
            "split",
            "splitlines",
            "startswith",
            "strip",
            "swapcase",
            "title",
            "translate",
            "upper",
            "zfill");
    private static final Set<String> OF_NUMBERS = Set.of(
            "as_integer_ratio",
            "bit_count",
            "bit_length",
            "conjugate",
            "denominator",
            "from_bytes",
            "fromhex",
            "hex",
            "imag",
            "is_integer",
            "numerator",
            "real",
            "to_bytes");

    private PythonMethods() {}

    /** Returns a method of a value; null if its type has no attribute of that name. */
    static Python.@Nullable Function of(Object value, String name) {
        if (name.startsWith("_")) {
            throw new JinjaError("the attribute '" + name + "' is not given to templates");
        }
        Set<String> names = value instanceof Map
                ? OF_DICTIONARIES
                : value instanceof List
                        ? OF_LISTS
                        : value instanceof String
                                ? OF_TEXTS
                                : value instanceof Number || value instanceof Boolean ? OF_NUMBERS : Set.of();
        if (!names.contains(name)) {
            if (names.isEmpty() && !(value instanceof Python.None)) {
                throw new JinjaError("the attributes of a value of type " + Python.type(value) + " are not known");
            }
            return null;
        }
        return call -> {
            TemplateCall named = new TemplateCall(name, call.arguments(), call.named());
            if (value instanceof String text) {
                return PythonStrings.call(text, named);
            } else if (value instanceof Map<?, ?> map) {
                return call(map, named);
            } else if (value instanceof List<?> list) {
                return call(list, named);
            }
            throw unknown(value, name);
        };
    }

    static JinjaError unknown(Object value, String name) {
        return new JinjaError("the method '" + name + "' of a value of type " + Python.type(value)
                + " is not known here, or changes the value, which templates may not");
    }

    private static Object call(Map<?, ?> map, TemplateCall call) {
        switch (call.name()) {
            case "get" -> {
                @Nullable Object[] given = call.bind(1, "key", "default");
                Object found = Python.get(map, given[0]);
                return found != null ? found : given[1] != null ? given[1] : Python.None.NONE;
            }
            case "items" -> {
                call.bind(0);
                return new Python.View(entries(map));
            }
            case "keys" -> {
                call.bind(0);
                return new Python.View(new ArrayList<>(map.keySet()));
            }
            case "values" -> {
                call.bind(0);
                return new Python.View(new ArrayList<>(map.values()));
            }
            case "copy" -> {
                call.bind(0);
                return new LinkedHashMap<Object, Object>(map);
            }
            default -> throw unknown(map, call.name());
        }
    }

    /** Returns the entries of a dictionary as tuples. */
    static List<Object> entries(Map<?, ?> map) {
        List<Object> entries = new ArrayList<>();
        map.forEach((key, value) -> entries.add(new Python.Tuple(List.of(key, value))));
        return entries;
    }

    private static Object call(List<?> list, TemplateCall call) {
        switch (call.name()) {
            case "count" -> {
                Object value = call.arguments().size() == 1 ? call.arguments().get(0) : call.bind(1, "value");
                return Python.integer(
                        list.stream().filter(each -> Python.equal(each, value)).count());
            }
            case "index" -> {
                Object value = call.arguments().size() == 1 ? call.arguments().get(0) : call.bind(1, "value");
                for (int i = 0; i < list.size(); i++) {
                    if (Python.equal(list.get(i), value)) {
                        return Python.integer(i);
                    }
                }
                throw new JinjaError("a list does not have the value that index seeks");
            }
            case "copy" -> {
                call.bind(0);
                return new ArrayList<Object>(list);
            }
            default -> throw unknown(list, call.name());
        }
    }
}
