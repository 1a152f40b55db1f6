package org.jtorch.text.internal.jinja;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tests of Jinja: {@code value is name}. */
final class TemplateTests {

    private static final Set<String> ALONE = Set.of(
            "defined",
            "undefined",
            "none",
            "boolean",
            "true",
            "false",
            "integer",
            "float",
            "number",
            "string",
            "mapping",
            "iterable",
            "sequence",
            "callable",
            "filter",
            "test",
            "odd",
            "even",
            "lower",
            "upper");

    private static final Set<String> WITH_ARGUMENT = Set.of(
            "==",
            "eq",
            "equalto",
            "!=",
            "ne",
            ">",
            "gt",
            "greaterthan",
            ">=",
            "ge",
            "<",
            "lt",
            "lessthan",
            "<=",
            "le",
            "in",
            "sameas",
            "divisibleby");

    private TemplateTests() {}

    /** Checks that a test is known. */
    static void check(String name) {
        if (!has(name)) {
            throw new JinjaError("the test '" + name + "' is not known");
        }
    }

    private static boolean has(String name) {
        return ALONE.contains(name) || WITH_ARGUMENT.contains(name);
    }

    static boolean apply(Object value, TemplateCall call) {
        check(call.name());
        if (ALONE.contains(call.name())) {
            call.bind(0);
            return alone(value, call.name());
        } else if (call.arguments().size() != 1 || !call.named().isEmpty()) {
            throw new JinjaError("the test '" + call.name() + "' needs one value");
        }
        Object other = call.arguments().get(0);
        return switch (call.name()) {
            case "==", "eq", "equalto" -> Python.equal(value, other);
            case "!=", "ne" -> !Python.equal(value, other);
            case ">", "gt", "greaterthan" -> Python.compare(value, other) > 0;
            case ">=", "ge" -> Python.compare(value, other) >= 0;
            case "<", "lt", "lessthan" -> Python.compare(value, other) < 0;
            case "<=", "le" -> Python.compare(value, other) <= 0;
            case "in" -> Python.contains(other, value);
            case "divisibleby" -> isZero(Python.operate("%", number(value), other));
            default -> {
                if (other instanceof Boolean || other instanceof Python.None) {
                    yield value.equals(other);
                }
                throw new JinjaError("the test 'sameas' is known only of none, true and false: use ==");
            }
        };
    }

    private static Object number(Object value) {
        if (value instanceof String) {
            throw new JinjaError("a number is needed, but there is a text");
        }
        return value;
    }

    private static boolean isZero(Object value) {
        return Python.equal(value, BigInteger.ZERO);
    }

    private static boolean alone(Object value, String name) {
        boolean isUndefined = value instanceof Python.Undefined;
        return switch (name) {
            case "defined" -> !isUndefined;
            case "undefined" -> isUndefined;
            case "none" -> value instanceof Python.None;
            case "boolean" -> value instanceof Boolean;
            case "true" -> value.equals(true);
            case "false" -> value.equals(false);
            case "integer" -> value instanceof BigInteger;
            case "float" -> value instanceof Double;
            case "number" -> value instanceof Number || value instanceof Boolean;
            case "string" -> value instanceof String || value instanceof Python.Safe;
            case "mapping" -> value instanceof Map;
            case "iterable" ->
                isUndefined
                        || value instanceof String
                        || value instanceof List
                        || value instanceof Map
                        || value instanceof Python.View
                        || value instanceof Python.Generator
                        || value instanceof Python.Safe;
            case "sequence" -> {
                if (value instanceof Python.View) {
                    throw new JinjaError("whether a view is a sequence is not known");
                }
                yield isUndefined
                        || value instanceof String
                        || value instanceof List
                        || value instanceof Map
                        || value instanceof Python.Safe;
            }
            case "callable" -> value instanceof Python.Function || isUndefined;
            case "filter" -> TemplateFilters.has(PythonStrings.text(value));
            case "test" -> has(PythonStrings.text(value));
            case "odd", "even" ->
                Python.equal(
                        Python.operate("%", number(value), Python.integer(2)),
                        Python.integer(name.equals("even") ? 0 : 1));
            case "lower" ->
                PythonStrings.call(Python.str(value), new TemplateCall("islower", List.of(), Map.of()))
                        .equals(true);
            default ->
                PythonStrings.call(Python.str(value), new TemplateCall("isupper", List.of(), Map.of()))
                        .equals(true);
        };
    }
}
