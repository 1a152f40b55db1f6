package org.jtorch.text.internal.jinja;

import java.math.BigInteger;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The functions of Jinja, and those that {@code transformers} adds. */
final class TemplateGlobals {

    private static final int MAX_RANGE = 100_000;

    private TemplateGlobals() {}

    static void addTo(TemplateScope scope) {
        function(scope, "raise_exception", call -> {
            throw new Raised(String.valueOf(one(call, "message")));
        });
        function(
                scope,
                "strftime_now",
                call -> Strftime.format(
                        PythonStrings.text(call.bind(1, "format")[0]), ZonedDateTime.now(ZoneId.systemDefault())));
        function(scope, "range", TemplateGlobals::range);
        function(scope, "dict", call -> dictionary(call));
        function(scope, "namespace", call -> {
            Map<String, Object> values = new LinkedHashMap<>();
            dictionary(call).forEach((name, value) -> values.put(PythonStrings.text(name), value));
            return new Python.Namespace(values);
        });
        for (String name : List.of("cycler", "joiner", "lipsum", "self")) {
            function(scope, name, call -> {
                throw new JinjaError("the function '" + name + "' is not known here");
            });
        }
    }

    private static void function(TemplateScope scope, String name, Python.Function function) {
        scope.set(
                name, (Python.Function) call -> function.call(new TemplateCall(name, call.arguments(), call.named())));
    }

    private static String one(TemplateCall call, String parameter) {
        Object value = call.bind(1, parameter)[0];
        return value == null ? "" : Python.str(value);
    }

    private static Object range(TemplateCall call) {
        List<BigInteger> given =
                call.arguments().stream().map(Python::integerOf).toList();
        if (given.isEmpty() || given.size() > 3 || !call.named().isEmpty()) {
            throw new JinjaError("range needs one, two or three integers");
        }
        BigInteger from = given.size() == 1 ? BigInteger.ZERO : given.get(0);
        BigInteger to = given.size() == 1 ? given.get(0) : given.get(1);
        BigInteger step = given.size() == 3 ? given.get(2) : BigInteger.ONE;
        if (step.signum() == 0) {
            throw new JinjaError("the step of range is 0");
        }
        List<Object> values = new ArrayList<>();
        for (BigInteger i = from; i.compareTo(to) * step.signum() < 0; i = i.add(step)) {
            if (values.size() == MAX_RANGE) {
                throw new JinjaError("range has more than " + MAX_RANGE + " values");
            }
            values.add(i);
        }
        return new Python.View(values);
    }

    private static Map<Object, Object> dictionary(TemplateCall call) {
        Map<Object, Object> map = new LinkedHashMap<>();
        if (call.arguments().size() > 1) {
            throw new JinjaError(call.name() + " takes at most one value without a name");
        }
        for (Object given : call.arguments()) {
            if (!(given instanceof Map<?, ?> values)) {
                throw new JinjaError(
                        call.name() + " takes a dictionary, but is given a value of type " + Python.type(given));
            }
            map.putAll(values);
        }
        map.putAll(call.named());
        return map;
    }
}
