package org.jtorch.text.internal.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The filters of Jinja: {@code value | name}. */
final class TemplateFilters {

    private interface Filter {
        Object apply(Object value, TemplateCall call);
    }

    private static final Pattern INTEGER = Pattern.compile("[+-]?\\d{1,1000}");
    private static final Pattern FLOAT = Pattern.compile("[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?");
    private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);

    private static final Map<String, Filter> FILTERS = new HashMap<>();

    static {
        FILTERS.put("abs", (value, call) -> {
            call.bind(0);
            return value instanceof Double number
                    ? (Object) Math.abs(number)
                    : Python.integerOf(value).abs();
        });
        FILTERS.put("batch", TemplateFilters::batch);
        FILTERS.put("capitalize", (value, call) -> PythonStrings.capitalize(textOf(value, call)));
        FILTERS.put("count", TemplateFilters::length);
        FILTERS.put("d", TemplateFilters::otherwise);
        FILTERS.put("default", TemplateFilters::otherwise);
        FILTERS.put("dictsort", TemplateFilters::dictsort);
        FILTERS.put("first", TemplateFilters::first);
        FILTERS.put("float", TemplateFilters::toFloat);
        FILTERS.put("format", (value, call) -> {
            if (!call.named().isEmpty()) {
                throw new JinjaError("the filter format is not known with arguments that have names");
            }
            return PythonStrings.format(Python.str(value), new Python.Tuple(call.arguments()), true);
        });
        FILTERS.put("indent", TemplateFilters::indent);
        FILTERS.put("int", TemplateFilters::toInteger);
        FILTERS.put("items", (value, call) -> {
            call.bind(0);
            if (value instanceof Python.Undefined) {
                return generator(List.of());
            } else if (value instanceof Map<?, ?> map) {
                return generator(PythonMethods.entries(map));
            }
            throw new JinjaError(
                    "the filter items needs a dictionary, but there is a value of type " + Python.type(value));
        });
        FILTERS.put("join", (value, call) -> {
            @Nullable Object[] given = call.bind(0, "d", "attribute");
            List<Object> values = Python.list(value);
            if (given[1] != null && !(given[1] instanceof Python.None)) {
                Object attribute = given[1];
                values.replaceAll(each -> attribute(each, attribute, null));
            }
            return String.join(
                    Python.str(or(given[0], "")),
                    values.stream().map(Python::str).toList());
        });
        FILTERS.put("last", TemplateFilters::last);
        FILTERS.put("length", TemplateFilters::length);
        FILTERS.put("list", (value, call) -> {
            call.bind(0);
            return Python.list(value);
        });
        FILTERS.put("lower", (value, call) -> textOf(value, call).toLowerCase(Locale.ROOT));
        FILTERS.put("map", TemplateFilters::map);
        FILTERS.put("max", (value, call) -> extreme(value, call, 1));
        FILTERS.put("min", (value, call) -> extreme(value, call, -1));
        FILTERS.put("reject", (value, call) -> select(value, call, false, false));
        FILTERS.put("rejectattr", (value, call) -> select(value, call, true, false));
        FILTERS.put("replace", (value, call) -> {
            @Nullable Object[] given = call.bind(2, "old", "new", "count");
            boolean isLimited = given[2] != null && !(given[2] instanceof Python.None);
            return PythonStrings.replace(
                    Python.str(value),
                    Python.str(given(given[0])),
                    Python.str(given(given[1])),
                    isLimited ? Python.integerOf(given(given[2])).intValueExact() : -1);
        });
        FILTERS.put("reverse", TemplateFilters::reverse);
        FILTERS.put("round", TemplateFilters::round);
        FILTERS.put("safe", (value, call) -> new Python.Safe(textOf(value, call)));
        FILTERS.put("select", (value, call) -> select(value, call, false, true));
        FILTERS.put("selectattr", (value, call) -> select(value, call, true, true));
        FILTERS.put("slice", TemplateFilters::slice);
        FILTERS.put("sort", TemplateFilters::sort);
        FILTERS.put("string", (value, call) -> textOf(value, call));
        FILTERS.put("sum", TemplateFilters::sum);
        FILTERS.put("title", (value, call) -> PythonStrings.titleOfWords(textOf(value, call)));
        FILTERS.put("tojson", TemplateFilters::tojson);
        FILTERS.put("trim", (value, call) -> {
            Object chars = call.bind(0, "chars")[0];
            String only = chars == null || chars instanceof Python.None ? null : PythonStrings.text(chars);
            return PythonStrings.stripRight(PythonStrings.stripLeft(Python.str(value), only), only);
        });
        FILTERS.put("truncate", TemplateFilters::truncate);
        FILTERS.put("unique", TemplateFilters::unique);
        FILTERS.put("upper", (value, call) -> textOf(value, call).toUpperCase(Locale.ROOT));
        FILTERS.put("urlencode", (value, call) -> urlencode(textOf(value, call), value));
        FILTERS.put(
                "wordcount",
                (value, call) -> Python.integer(
                        WORD.matcher(textOf(value, call)).results().count()));
    }

    private TemplateFilters() {}

    /** Checks that a filter is known. */
    static void check(String name) {
        if (!has(name)) {
            throw new JinjaError("the filter '" + name + "' is not known");
        }
    }

    static boolean has(String name) {
        return FILTERS.containsKey(name);
    }

    static Object apply(Object value, TemplateCall call) {
        Filter filter = FILTERS.get(call.name());
        if (filter == null) {
            throw new JinjaError("the filter '" + call.name() + "' is not known");
        }
        return filter.apply(value, call);
    }

    private static Object given(@Nullable Object value) {
        return Objects.requireNonNull(value);
    }

    private static Object or(@Nullable Object value, Object otherwise) {
        return value != null ? value : otherwise;
    }

    private static boolean isTrue(@Nullable Object value) {
        return value != null && Python.isTrue(value);
    }

    private static Object generator(List<Object> values) {
        return new Python.Generator(values.iterator());
    }

    /** Returns a value as a text, for a filter without arguments. */
    private static String textOf(Object value, TemplateCall call) {
        call.bind(0);
        return Python.str(value);
    }

    private static Object length(Object value, TemplateCall call) {
        call.bind(0);
        return Python.integer(Python.length(value));
    }

    private static Object otherwise(Object value, TemplateCall call) {
        @Nullable Object[] given = call.bind(0, "default_value", "boolean");
        return value instanceof Python.Undefined || (isTrue(given[1]) && !Python.isTrue(value))
                ? or(given[0], "")
                : value;
    }

    private static Object first(Object value, TemplateCall call) {
        call.bind(0);
        var values = Python.iterator(value);
        return values.hasNext() ? values.next() : new Python.Undefined("the first item of an empty collection");
    }

    private static Object last(Object value, TemplateCall call) {
        call.bind(0);
        if (value instanceof Python.Generator) {
            throw new JinjaError("a generator has no last item: use list before");
        }
        List<Object> values = Python.list(value);
        return values.isEmpty()
                ? new Python.Undefined("the last item of an empty collection")
                : values.get(values.size() - 1);
    }

    private static Object reverse(Object value, TemplateCall call) {
        call.bind(0);
        List<Object> values = Python.list(value);
        Collections.reverse(values);
        return value instanceof String
                ? String.join("", values.stream().map(Python::str).toList())
                : generator(values);
    }

    private static Object batch(Object value, TemplateCall call) {
        @Nullable Object[] given = call.bind(1, "linecount", "fill_with");
        int size = Python.integerOf(given(given[0])).intValueExact();
        if (size < 1) {
            throw new JinjaError("batch needs a number of items of at least 1");
        }
        List<Object> values = Python.list(value);
        List<Object> batches = new ArrayList<>();
        for (int from = 0; from < values.size(); from += size) {
            List<Object> batch = new ArrayList<>(values.subList(from, Math.min(values.size(), from + size)));
            while (given[1] != null && !(given[1] instanceof Python.None) && batch.size() < size) {
                batch.add(given(given[1]));
            }
            batches.add(batch);
        }
        return generator(batches);
    }

    private static Object slice(Object value, TemplateCall call) {
        @Nullable Object[] given = call.bind(1, "slices", "fill_with");
        int count = Python.integerOf(given(given[0])).intValueExact();
        if (count < 1) {
            throw new JinjaError("slice needs a number of slices of at least 1");
        }
        List<Object> values = Python.list(value);
        int each = values.size() / count;
        int longer = values.size() % count;
        List<Object> slices = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < count; i++) {
            int to = from + each + (i < longer ? 1 : 0);
            List<Object> slice = new ArrayList<>(values.subList(from, to));
            if (given[1] != null && !(given[1] instanceof Python.None) && i >= longer) {
                slice.add(given(given[1]));
            }
            slices.add(slice);
            from = to;
        }
        return generator(slices);
    }

    // --- order
    // ---------------------------------------------------------------------------------------------------------

    private static Object key(Object value, boolean isCaseSensitive) {
        return !isCaseSensitive && value instanceof String text ? text.toLowerCase(Locale.ROOT) : value;
    }

    private static Object keyOf(Object value, @Nullable Object attribute, boolean isCaseSensitive) {
        boolean has = attribute != null && !(attribute instanceof Python.None);
        if (has && attribute instanceof String text && text.indexOf(',') >= 0) {
            throw new JinjaError("several attributes in '" + text + "' are not known here");
        }
        return key(has ? attribute(value, given(attribute), null) : value, isCaseSensitive);
    }

    private static List<Object> sorted(
            List<Object> values, java.util.function.Function<Object, Object> key, boolean isReversed) {
        Comparator<Object> order = (a, b) -> Python.compare(key.apply(a), key.apply(b));
        values.sort(isReversed ? order.reversed() : order);
        return values;
    }

    private static Object sort(Object value, TemplateCall call) {
        @Nullable Object[] given = call.bind(0, "reverse", "case_sensitive", "attribute");
        return sorted(Python.list(value), each -> keyOf(each, given[2], isTrue(given[1])), isTrue(given[0]));
    }

    private static Object dictsort(Object value, TemplateCall call) {
        @Nullable Object[] given = call.bind(0, "case_sensitive", "by", "reverse");
        String by = PythonStrings.text(or(given[1], "key"));
        if (!(value instanceof Map<?, ?> map) || !(by.equals("key") || by.equals("value"))) {
            throw new JinjaError("dictsort needs a dictionary, and 'key' or 'value'");
        }
        int place = by.equals("key") ? 0 : 1;
        return sorted(
                PythonMethods.entries(map),
                each -> key(((Python.Tuple) each).get(place), isTrue(given[0])),
                isTrue(given[2]));
    }

    private static Object unique(Object value, TemplateCall call) {
        @Nullable Object[] given = call.bind(0, "case_sensitive", "attribute");
        List<Object> keys = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        for (Object each : Python.list(value)) {
            Object key = keyOf(each, given[1], isTrue(given[0]));
            if (!Python.contains(keys, key)) {
                keys.add(key);
                values.add(each);
            }
        }
        return generator(values);
    }

    private static Object extreme(Object value, TemplateCall call, int sign) {
        @Nullable Object[] given = call.bind(0, "case_sensitive", "attribute");
        Object found = null;
        for (Object each : Python.list(value)) {
            if (found == null
                    || Integer.signum(Python.compare(
                                    keyOf(each, given[1], isTrue(given[0])), keyOf(found, given[1], isTrue(given[0]))))
                            == sign) {
                found = each;
            }
        }
        return or(found, new Python.Undefined("the " + call.name() + " of an empty collection"));
    }

    private static Object sum(Object value, TemplateCall call) {
        @Nullable Object[] given = call.bind(0, "attribute", "start");
        Object sum = or(given[1], BigInteger.ZERO);
        if (sum instanceof String) {
            throw new JinjaError("sum does not join texts: use join");
        }
        for (Object each : Python.list(value)) {
            boolean has = given[0] != null && !(given[0] instanceof Python.None);
            Object one = has ? attribute(each, given(given[0]), null) : each;
            if (one instanceof Double || sum instanceof Double) {
                throw new JinjaError("sum is not known of floats, whose rounding depends on the version of Python");
            }
            sum = Python.operate("+", sum, one);
        }
        return sum;
    }

    // --- collections
    // ---------------------------------------------------------------------------------------------------

    /** Returns an attribute, of which the parts of the name stand between dots. */
    private static Object attribute(Object value, Object name, @Nullable Object otherwise) {
        Object found = value;
        if (name instanceof String path) {
            for (String part : path.split("\\.", -1)) {
                boolean isIndex =
                        !part.isEmpty() && part.length() < 10 && part.chars().allMatch(c -> c >= '0' && c <= '9');
                found = Python.item(found, isIndex ? (Object) new BigInteger(part) : part);
                if (otherwise != null && found instanceof Python.Undefined) {
                    found = otherwise;
                }
            }
            return found;
        }
        found = Python.item(found, Python.integerOf(name));
        return otherwise != null && found instanceof Python.Undefined ? otherwise : found;
    }

    private static Object map(Object value, TemplateCall call) {
        List<Object> values = Python.list(value);
        if (call.arguments().isEmpty()) {
            @Nullable Object[] given = call.bind(1, "attribute", "default");
            values.replaceAll(each -> attribute(each, given(given[0]), given[1]));
        } else {
            TemplateCall filter = rest(call, 1);
            values.replaceAll(each -> apply(each, filter));
        }
        return generator(values);
    }

    /** Returns the call whose name is the argument before others. */
    private static TemplateCall rest(TemplateCall call, int from) {
        return new TemplateCall(
                PythonStrings.text(call.arguments().get(from - 1)),
                call.arguments().subList(from, call.arguments().size()),
                call.named());
    }

    private static Object select(Object value, TemplateCall call, boolean hasAttribute, boolean keeps) {
        int from = hasAttribute ? 1 : 0;
        if (call.arguments().size() < from) {
            throw new JinjaError(call.name() + " needs the name of an attribute");
        }
        Predicate<Object> test = Python::isTrue;
        if (call.arguments().size() > from) {
            TemplateCall tested = rest(call, from + 1);
            test = each -> TemplateTests.apply(each, tested);
        }
        List<Object> kept = new ArrayList<>();
        for (Object each : Python.list(value)) {
            if (test.test(hasAttribute ? attribute(each, call.arguments().get(0), null) : each) == keeps) {
                kept.add(each);
            }
        }
        return generator(kept);
    }

    // --- numbers
    // -------------------------------------------------------------------------------------------------------

    /** Returns a text without the spaces around it, if Python does not know more of it as a number than is known here. */
    private static String number(String text) {
        String stripped = PythonStrings.stripRight(PythonStrings.stripLeft(text, null), null);
        if (stripped.matches("(?i)[+-]?(inf|infinity|nan)")
                || stripped.matches("[+-]?[\\d._]*\\d_\\d.*")
                || stripped.codePoints().anyMatch(c -> c > 127 && Character.isDigit(c))) {
            throw new JinjaError("whether '" + text + "' is a number is not known here");
        }
        return stripped;
    }

    private static Object toInteger(Object value, TemplateCall call) {
        @Nullable Object[] given = call.bind(0, "default", "base");
        if (given[1] != null && !Python.equal(given(given[1]), Python.integer(10))) {
            throw new JinjaError("the filter int is known only with base 10");
        }
        Object otherwise = or(given[0], BigInteger.ZERO);
        if (value instanceof String text) {
            String number = number(text);
            return INTEGER.matcher(number).matches()
                    ? new BigInteger(number)
                    : FLOAT.matcher(number).matches() ? truncated(Double.parseDouble(number), otherwise) : otherwise;
        } else if (value instanceof Double number) {
            return truncated(number, otherwise);
        } else if (value instanceof Python.Undefined undefined) {
            throw undefined.error();
        }
        return value instanceof BigInteger || value instanceof Boolean ? Python.integerOf(value) : otherwise;
    }

    private static Object truncated(double number, Object otherwise) {
        if (Double.isInfinite(number)) {
            throw new JinjaError("an infinite number has no integer");
        }
        return Double.isNaN(number) ? otherwise : new BigDecimal(number).toBigInteger();
    }

    private static Object toFloat(Object value, TemplateCall call) {
        Object otherwise = or(call.bind(0, "default")[0], 0.0);
        if (value instanceof String text) {
            String number = number(text);
            return FLOAT.matcher(number).matches() ? (Object) Double.parseDouble(number) : otherwise;
        } else if (value instanceof Python.Undefined undefined) {
            throw undefined.error();
        }
        return value instanceof Number || value instanceof Boolean ? (Object) Python.toDouble(value) : otherwise;
    }

    private static Object round(Object value, TemplateCall call) {
        @Nullable Object[] given = call.bind(0, "precision", "method");
        int precision = Python.integerOf(or(given[0], BigInteger.ZERO)).intValueExact();
        if ((given[1] != null && !Python.equal(given(given[1]), "common")) || precision < 0 || precision > 300) {
            throw new JinjaError("the filter round is known only with the method 'common' and a precision from 0");
        } else if (value instanceof Double number && Double.isFinite(number)) {
            double rounded = new BigDecimal(number)
                    .setScale(precision, RoundingMode.HALF_EVEN)
                    .doubleValue();
            return rounded == 0 ? Math.copySign(0, number) : rounded;
        }
        return Python.integerOf(value);
    }

    // --- texts
    // ---------------------------------------------------------------------------------------------------------

    private static Object indent(Object value, TemplateCall call) {
        @Nullable Object[] given = call.bind(0, "width", "first", "blank");
        Object width = or(given[0], Python.integer(4));
        String space = width instanceof String text
                ? text
                : " "
                        .repeat(Math.min(
                                1 << 16, Math.max(0, Python.integerOf(width).intValueExact())));
        List<String> lines = PythonStrings.lines(PythonStrings.text(value) + "\n", false);
        StringBuilder text = new StringBuilder(isTrue(given[1]) ? space : "").append(lines.get(0));
        for (String line : lines.subList(1, lines.size())) {
            TemplateNodes.print(text, "\n" + (line.isEmpty() && !isTrue(given[2]) ? "" : space) + line);
        }
        return text.toString();
    }

    private static Object truncate(Object value, TemplateCall call) {
        @Nullable Object[] given = call.bind(0, "length", "killwords", "end", "leeway");
        String text = PythonStrings.text(value);
        int length = Python.integerOf(or(given[0], Python.integer(255))).intValueExact();
        String end = PythonStrings.text(or(given[2], "..."));
        Object leeway = or(given[3], Python.None.NONE);
        int more = leeway instanceof Python.None ? 5 : Python.integerOf(leeway).intValueExact();
        if (length < Python.length(end) || more < 0) {
            throw new JinjaError("truncate needs a length of at least that of its end");
        } else if (Python.length(text) <= length + more) {
            return text;
        }
        String cut = PythonStrings.slice(text, 0, length - Python.length(end));
        return (isTrue(given[1]) || cut.lastIndexOf(' ') < 0 ? cut : cut.substring(0, cut.lastIndexOf(' '))) + end;
    }

    private static Object urlencode(String text, Object value) {
        if (value instanceof List || value instanceof Map) {
            throw new JinjaError("urlencode is known only of texts");
        }
        StringBuilder result = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            boolean isPlain = each > 0 && (Character.isLetterOrDigit(each) || "_.-~/".indexOf(each) >= 0);
            result.append(isPlain ? Character.toString(each) : String.format(Locale.ROOT, "%%%02X", each & 0xFF));
        }
        return result.toString();
    }

    private static Object tojson(Object value, TemplateCall call) {
        @Nullable Object[] given = call.bind(0, "ensure_ascii", "indent", "separators", "sort_keys");
        Object indent = or(given[1], Python.None.NONE);
        Object separators = or(given[2], Python.None.NONE);
        String space = indent instanceof Python.None
                ? null
                : indent instanceof String text
                        ? text
                        : " "
                                .repeat(Math.min(
                                        1 << 16,
                                        Math.max(0, Python.integerOf(indent).intValueExact())));
        List<String> both = separators instanceof Python.None
                ? null
                : Python.list(separators).stream().map(PythonStrings::text).toList();
        if (both != null && both.size() != 2) {
            throw new JinjaError("tojson needs two separators, but is given " + both.size());
        }
        return PythonJson.write(value, isTrue(given[0]), space, both, isTrue(given[3]));
    }
}
