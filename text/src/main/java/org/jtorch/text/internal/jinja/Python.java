package org.jtorch.text.internal.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of a template and their operators, as Python has them. They are {@link None}, {@link Boolean}, {@link BigInteger},
 * {@link Double}, {@link String}, {@link List}, {@link Tuple}, {@link Map} and the other types of this class; null is none of them.
 */
final class Python {

    private static final int MAX_LENGTH = 64 << 20;

    private Python() {}

    /** The value {@code None}. */
    enum None {
        NONE
    }

    /** What a name without a value gives. */
    record Undefined(String what) {

        JinjaError error() {
            return new JinjaError(what + " is undefined");
        }
    }

    /** A tuple. */
    static final class Tuple extends AbstractList<Object> {

        private final List<Object> values;

        Tuple(List<Object> values) {
            this.values = List.copyOf(values);
        }

        @Override
        public Object get(int index) {
            return values.get(index);
        }

        @Override
        public int size() {
            return values.size();
        }
    }

    /** A function. */
    interface Function {
        Object call(TemplateCall call);
    }

    /** Values that are given once, as those of a generator. */
    record Generator(Iterator<Object> values) {}

    /** The keys, values or entries of a dictionary, or a range: values that can be counted, but have no list's text. */
    record View(List<Object> values) {}

    /** The values of {@code namespace()}. */
    record Namespace(Map<String, Object> values) {}

    /** What {@code safe} returns: a text with which no more is done than to print it. */
    record Safe(String text) {}

    /** Returns a value of Java as one of Python. */
    static Object of(@Nullable Object value) {
        if (value == null) {
            return None.NONE;
        } else if (value instanceof Integer
                || value instanceof Long
                || value instanceof Short
                || value instanceof Byte) {
            return BigInteger.valueOf(((Number) value).longValue());
        } else if (value instanceof Float number) {
            return number.doubleValue();
        } else if (value instanceof CharSequence || value instanceof Character) {
            return value.toString();
        } else if (value instanceof Map<?, ?> map) {
            Map<Object, Object> result = new LinkedHashMap<>();
            map.forEach((key, each) -> result.put(of(key), of(each)));
            return result;
        } else if (value instanceof Iterable<?> values) {
            List<Object> result = new ArrayList<>();
            values.forEach(each -> result.add(of(each)));
            return result;
        } else if (value instanceof Object[] values) {
            return of(java.util.Arrays.asList(values));
        } else if (value instanceof Boolean
                || value instanceof BigInteger
                || value instanceof Double
                || value instanceof Function) {
            return value;
        }
        throw new JinjaError("a value of " + value.getClass().getName()
                + " cannot be given to a template: give texts, numbers, booleans, lists, maps or null");
    }

    static BigInteger integer(long value) {
        return BigInteger.valueOf(value);
    }

    static String type(Object value) {
        return value instanceof None
                ? "None"
                : value instanceof Boolean
                        ? "bool"
                        : value instanceof BigInteger
                                ? "int"
                                : value instanceof Double
                                        ? "float"
                                        : value instanceof String
                                                ? "str"
                                                : value instanceof Tuple
                                                        ? "tuple"
                                                        : value instanceof List
                                                                ? "list"
                                                                : value instanceof Map
                                                                        ? "dict"
                                                                        : value instanceof Function
                                                                                ? "function"
                                                                                : value.getClass()
                                                                                        .getSimpleName()
                                                                                        .toLowerCase(
                                                                                                java.util.Locale.ROOT);
    }

    static boolean isTrue(Object value) {
        return value instanceof Boolean truth
                ? truth
                : value instanceof BigInteger number
                        ? number.signum() != 0
                        : value instanceof Double number
                                ? number != 0
                                : value instanceof String text
                                        ? !text.isEmpty()
                                        : value instanceof List<?> list
                                                ? !list.isEmpty()
                                                : value instanceof Map<?, ?> map
                                                        ? !map.isEmpty()
                                                        : value instanceof View view
                                                                ? !view.values.isEmpty()
                                                                : value instanceof Safe safe
                                                                        ? !safe.text.isEmpty()
                                                                        : !(value instanceof None
                                                                                || value instanceof Undefined);
    }

    // --- texts
    // ---------------------------------------------------------------------------------------------------------

    /** {@code str(value)}. */
    static String str(Object value) {
        return value instanceof String text
                ? text
                : value instanceof Undefined ? "" : value instanceof Safe safe ? safe.text : repr(value);
    }

    /** {@code repr(value)}. */
    static String repr(Object value) {
        if (value instanceof None) {
            return "None";
        } else if (value instanceof Boolean truth) {
            return truth ? "True" : "False";
        } else if (value instanceof BigInteger) {
            return value.toString();
        } else if (value instanceof Double number) {
            return text(number);
        } else if (value instanceof String text) {
            return PythonStrings.repr(text);
        } else if (value instanceof Undefined) {
            return "Undefined";
        } else if (value instanceof List<?> list) {
            StringBuilder text = new StringBuilder(value instanceof Tuple ? "(" : "[");
            String separator = "";
            for (Object each : list) {
                text.append(separator).append(repr(each));
                separator = ", ";
            }
            return text.append(value instanceof Tuple ? (list.size() == 1 ? ",)" : ")") : "]")
                    .toString();
        } else if (value instanceof Map<?, ?> map) {
            StringBuilder text = new StringBuilder("{");
            String separator = "";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                text.append(separator).append(repr(entry.getKey())).append(": ").append(repr(entry.getValue()));
                separator = ", ";
            }
            return text.append('}').toString();
        }
        throw new JinjaError("a value of type " + type(value) + " cannot be written as a text");
    }

    /** {@code repr} of a number. */
    static String text(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }
        String sign = value < 0 || 1 / value < 0 ? "-" : "";
        if (value == 0) {
            return sign + "0.0";
        }
        BigDecimal exact = new BigDecimal(Math.abs(value));
        BigDecimal shortest = exact;
        for (int precision = 1; precision <= 17; precision++) {
            shortest = exact.round(new MathContext(precision, RoundingMode.HALF_EVEN));
            if (shortest.doubleValue() == Math.abs(value)) {
                break;
            }
        }
        shortest = shortest.stripTrailingZeros();
        String digits = shortest.unscaledValue().toString();
        int exponent = digits.length() - shortest.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            String plain = shortest.toPlainString();
            return sign + (plain.contains(".") ? plain : plain + ".0");
        }
        String power = (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
        return sign + digits.charAt(0) + (digits.length() > 1 ? "." + digits.substring(1) : "") + "e" + power;
    }

    // --- comparisons
    // ---------------------------------------------------------------------------------------------------

    private static @Nullable BigDecimal number(Object value) {
        return value instanceof Boolean truth
                ? (truth ? BigDecimal.ONE : BigDecimal.ZERO)
                : value instanceof BigInteger number
                        ? new BigDecimal(number)
                        : value instanceof Double number && !number.isNaN() && !number.isInfinite()
                                ? new BigDecimal(number)
                                : null;
    }

    static boolean equal(Object a, Object b) {
        BigDecimal numberOfA = number(a);
        BigDecimal numberOfB = number(b);
        if (numberOfA != null && numberOfB != null) {
            return numberOfA.compareTo(numberOfB) == 0;
        } else if (a instanceof Undefined || b instanceof Undefined) {
            return a instanceof Undefined && b instanceof Undefined;
        } else if (a instanceof List<?> listOfA && b instanceof List<?> listOfB) {
            if (a instanceof Tuple != b instanceof Tuple || listOfA.size() != listOfB.size()) {
                return false;
            }
            for (int i = 0; i < listOfA.size(); i++) {
                if (!equal(listOfA.get(i), listOfB.get(i))) {
                    return false;
                }
            }
            return true;
        } else if (a instanceof Map<?, ?> mapOfA && b instanceof Map<?, ?> mapOfB) {
            if (mapOfA.size() != mapOfB.size()) {
                return false;
            }
            for (Map.Entry<?, ?> entry : mapOfA.entrySet()) {
                Object other = get(mapOfB, entry.getKey());
                if (other == null || !equal(entry.getValue(), other)) {
                    return false;
                }
            }
            return true;
        } else if (a instanceof View || b instanceof View || a instanceof Safe || b instanceof Safe) {
            throw new JinjaError("a value of type " + type(a) + " is not compared with one of type " + type(b));
        }
        return (a instanceof Double || b instanceof Double)
                ? a instanceof Double x && b instanceof Double y && x.doubleValue() == y
                : a.equals(b);
    }

    /** Compares values that have an order. */
    static int compare(Object a, Object b) {
        BigDecimal numberOfA = number(a);
        BigDecimal numberOfB = number(b);
        if (numberOfA != null && numberOfB != null) {
            return numberOfA.compareTo(numberOfB);
        } else if (a instanceof String textOfA && b instanceof String textOfB) {
            return PythonStrings.compare(textOfA, textOfB);
        } else if (a instanceof List<?> listOfA
                && b instanceof List<?> listOfB
                && a instanceof Tuple == b instanceof Tuple) {
            for (int i = 0; i < Math.min(listOfA.size(), listOfB.size()); i++) {
                if (!equal(listOfA.get(i), listOfB.get(i))) {
                    return compare(listOfA.get(i), listOfB.get(i));
                }
            }
            return Integer.compare(listOfA.size(), listOfB.size());
        }
        throw refusal(a, b, "compared");
    }

    private static JinjaError refusal(Object a, Object b, String verb) {
        for (Object each : new Object[] {a, b}) {
            if (each instanceof Undefined undefined) {
                return undefined.error();
            }
        }
        return new JinjaError("values of the types " + type(a) + " and " + type(b) + " are not " + verb);
    }

    static boolean contains(Object values, Object value) {
        if (values instanceof String text) {
            if (value instanceof String part) {
                return text.contains(part);
            }
            throw refusal(values, value, "searched in each other");
        } else if (values instanceof Map<?, ?> map) {
            return get(map, value) != null;
        }
        for (Iterator<Object> each = iterator(values); each.hasNext(); ) {
            if (equal(each.next(), value)) {
                return true;
            }
        }
        return false;
    }

    // --- collections
    // ---------------------------------------------------------------------------------------------------

    /** Returns the value of a key; null if there is none. */
    static @Nullable Object get(Map<?, ?> map, @Nullable Object key) {
        if (key instanceof String) {
            return map.get(key);
        } else if (key == null || key instanceof Map || (key instanceof List && !(key instanceof Tuple))) {
            throw new JinjaError("a list or dictionary is no key");
        }
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (equal(entry.getKey(), key)) {
                return entry.getValue();
            }
        }
        return null;
    }

    /** Puts a value, under the key that is already there if it is equal. */
    static void put(Map<Object, Object> map, Object key, Object value) {
        if (get(map, key) != null) {
            for (Map.Entry<Object, Object> entry : map.entrySet()) {
                if (equal(entry.getKey(), key)) {
                    entry.setValue(value);
                }
            }
        } else {
            map.put(key, value);
        }
    }

    static Iterator<Object> iterator(Object values) {
        if (values instanceof List<?> list) {
            return Collections.<Object>unmodifiableList(list).iterator();
        } else if (values instanceof Map<?, ?> map) {
            return Collections.<Object>unmodifiableSet(map.keySet()).iterator();
        } else if (values instanceof String text) {
            return text.codePoints()
                    .mapToObj(point -> (Object) Character.toString(point))
                    .iterator();
        } else if (values instanceof View view) {
            return view.values.iterator();
        } else if (values instanceof Generator generator) {
            return generator.values;
        } else if (values instanceof Undefined) {
            return Collections.emptyIterator();
        }
        throw new JinjaError("a value of type " + type(values) + " is not a collection");
    }

    static List<Object> list(Object values) {
        List<Object> list = new ArrayList<>();
        iterator(values).forEachRemaining(list::add);
        return list;
    }

    static int length(Object value) {
        if (value instanceof String text) {
            return text.codePointCount(0, text.length());
        } else if (value instanceof List<?> list) {
            return list.size();
        } else if (value instanceof Map<?, ?> map) {
            return map.size();
        } else if (value instanceof View view) {
            return view.values.size();
        } else if (value instanceof Undefined) {
            return 0;
        }
        throw new JinjaError("a value of type " + type(value) + " has no length");
    }

    /** {@code value[key]}. */
    static Object item(Object value, Object key) {
        Object found = null;
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        } else if (value instanceof Map<?, ?> map) {
            found = get(map, key);
        } else if ((value instanceof List || value instanceof String)
                && (key instanceof BigInteger || key instanceof Boolean)) {
            int size = length(value);
            BigInteger index = integerOf(key);
            BigInteger place = index.signum() < 0 ? index.add(integer(size)) : index;
            if (place.signum() >= 0 && place.compareTo(integer(size)) < 0) {
                found = value instanceof List<?> list
                        ? list.get(place.intValue())
                        : PythonStrings.slice((String) value, place.intValue(), place.intValue() + 1);
            }
        } else if (!(value instanceof List || value instanceof String) && !(key instanceof String)) {
            throw new JinjaError("a value of type " + type(value) + " has no items");
        }
        if (found == null && key instanceof String name) {
            found = PythonMethods.of(value, name);
        }
        return found != null
                ? found
                : new Undefined("the item " + (key instanceof Undefined ? "of an undefined key" : repr(key)) + " of a "
                        + type(value));
    }

    /** {@code value.name}. */
    static Object attribute(Object value, String name) {
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        } else if (value instanceof Namespace namespace) {
            Object found = namespace.values.get(name);
            return found != null ? found : new Undefined("the attribute '" + name + "' of a namespace");
        } else if (value instanceof TemplateLoop loop) {
            return loop.attribute(name);
        }
        Object found = PythonMethods.of(value, name);
        if (found == null && value instanceof Map<?, ?> map) {
            found = map.get(name);
        }
        return found != null ? found : new Undefined("the attribute '" + name + "' of a " + type(value));
    }

    /** {@code value[from:to:step]}; null for what is not given. */
    static Object slice(Object value, Object from, Object to, Object step) {
        if (!(value instanceof List || value instanceof String)) {
            throw value instanceof Undefined undefined
                    ? undefined.error()
                    : new JinjaError("a value of type " + type(value) + " has no slices");
        }
        List<Object> all = list(value);
        int size = all.size();
        int stride = step instanceof None ? 1 : integerOf(step).intValueExact();
        if (stride == 0) {
            throw new JinjaError("the step of a slice is 0");
        }
        int first = bound(from, size, stride > 0 ? 0 : size - 1, stride);
        int last = bound(to, size, stride > 0 ? size : -1, stride);
        List<Object> taken = new ArrayList<>();
        for (long i = first; stride > 0 ? i < last : i > last; i += stride) {
            taken.add(all.get((int) i));
        }
        return value instanceof Tuple
                ? new Tuple(taken)
                : value instanceof String
                        ? String.join("", taken.stream().map(Python::str).toList())
                        : taken;
    }

    private static int bound(Object value, int size, int otherwise, int stride) {
        if (value instanceof None) {
            return otherwise;
        }
        BigInteger index = integerOf(value);
        BigInteger place = index.signum() < 0 ? index.add(integer(size)) : index;
        return place.max(integer(stride > 0 ? 0 : -1))
                .min(integer(stride > 0 ? size : size - 1))
                .intValue();
    }

    /** Returns an integer, which may also be a boolean. */
    static BigInteger integerOf(Object value) {
        if (value instanceof BigInteger number) {
            return number;
        } else if (value instanceof Boolean truth) {
            return truth ? BigInteger.ONE : BigInteger.ZERO;
        }
        throw value instanceof Undefined undefined
                ? undefined.error()
                : new JinjaError("an integer is needed, but there is a value of type " + type(value));
    }

    // --- arithmetic
    // ----------------------------------------------------------------------------------------------------

    /** Computes an operator of two values. */
    static Object operate(String operator, Object a, Object b) {
        if (operator.equals("%") && a instanceof String format) {
            return PythonStrings.format(format, b instanceof Tuple tuple ? tuple : List.of(b), b instanceof Tuple);
        } else if (operator.equals("+")) {
            if (a instanceof String x && b instanceof String y) {
                return x + y;
            } else if (a instanceof List<?> x && b instanceof List<?> y && a instanceof Tuple == b instanceof Tuple) {
                List<Object> both = new ArrayList<>(x);
                both.addAll(y);
                return a instanceof Tuple ? new Tuple(both) : both;
            }
        } else if (operator.equals("*") && (a instanceof String || a instanceof List)) {
            return repeat(a, b);
        } else if (operator.equals("*") && (b instanceof String || b instanceof List)) {
            return repeat(b, a);
        }
        boolean isFloat = a instanceof Double || b instanceof Double;
        if ((number(a) == null && !(a instanceof Double)) || (number(b) == null && !(b instanceof Double))) {
            throw refusal(a, b, "operands of " + operator);
        }
        return isFloat
                ? (Object) floats(operator, toDouble(a), toDouble(b))
                : integers(operator, integerOf(a), integerOf(b));
    }

    private static Object repeat(Object value, Object times) {
        if (!(times instanceof BigInteger || times instanceof Boolean)) {
            throw refusal(value, times, "operands of *");
        }
        BigInteger count = integerOf(times).max(BigInteger.ZERO);
        if (count.multiply(integer(length(value))).compareTo(integer(MAX_LENGTH)) > 0) {
            throw new JinjaError("a value is repeated " + count + " times, which is too long");
        }
        if (value instanceof String text) {
            return text.repeat(text.isEmpty() ? 0 : count.intValue());
        }
        List<Object> all = new ArrayList<>();
        for (int i = 0; !list(value).isEmpty() && i < count.intValue(); i++) {
            all.addAll((List<?>) value);
        }
        return value instanceof Tuple ? new Tuple(all) : all;
    }

    static double toDouble(Object value) {
        double number = value instanceof Double given ? given : integerOf(value).doubleValue();
        if (!(value instanceof Double) && Double.isInfinite(number)) {
            throw new JinjaError("an integer is too large for a float");
        }
        return number;
    }

    private static Object integers(String operator, BigInteger a, BigInteger b) {
        if (b.signum() == 0 && (operator.startsWith("/") || operator.equals("%"))) {
            throw new JinjaError("a division by zero");
        }
        return switch (operator) {
            case "+" -> a.add(b);
            case "-" -> a.subtract(b);
            case "*" -> a.multiply(b);
            case "/" -> {
                if (a.bitLength() > 53 || b.bitLength() > 53) {
                    throw new JinjaError("integers beyond 2^53 are not divided");
                }
                yield a.doubleValue() / b.doubleValue();
            }
            case "//" -> floorDivide(a, b);
            case "%" -> a.subtract(floorDivide(a, b).multiply(b));
            default -> {
                if (b.signum() < 0) {
                    yield floats("**", a.doubleValue(), b.doubleValue());
                } else if (b.bitLength() > 31 || (long) a.bitLength() * b.intValue() > 10_000) {
                    throw new JinjaError("the power " + b + " is too large");
                }
                yield a.pow(b.intValue());
            }
        };
    }

    private static BigInteger floorDivide(BigInteger a, BigInteger b) {
        BigInteger[] parts = a.divideAndRemainder(b);
        return parts[1].signum() != 0 && parts[1].signum() != b.signum() ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }

    private static double floats(String operator, double a, double b) {
        if ((b == 0 && (operator.startsWith("/") || operator.equals("%")))
                || (a == 0 && b < 0 && operator.equals("**"))) {
            throw new JinjaError("a division by zero");
        }
        double rest = a % b;
        double modulo = rest != 0 && rest < 0 != b < 0 ? rest + b : rest == 0 ? Math.copySign(0, b) : rest;
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            case "%" -> modulo;
            case "//" -> {
                double quotient = (a - modulo) / b;
                double floor = Math.floor(quotient);
                yield quotient == 0 ? Math.copySign(0, a / b) : quotient - floor > 0.5 ? floor + 1 : floor;
            }
            default -> {
                double power = Math.pow(a, b);
                if (Double.isNaN(power) || Double.isInfinite(power)) {
                    throw new JinjaError(a + " ** " + b + " is not a number");
                }
                yield power;
            }
        };
    }

    static Object negate(Object value) {
        return value instanceof Double number
                ? (Object) (-number)
                : integerOf(value).negate();
    }
}
