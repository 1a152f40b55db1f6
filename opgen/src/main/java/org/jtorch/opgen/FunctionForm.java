package org.jtorch.opgen;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One overload of a function.
 *
 * @param row the function
 * @param count the number of parameters that are given; the others have their defaults
 * @param numbers whether each size is one number for all dimensions, not an array
 */
record FunctionForm(FunctionRow row, int count, boolean numbers) {

    private List<Argument> given() {
        return row.arguments().subList(0, count);
    }

    private List<Argument> leftOut() {
        return row.arguments().subList(count, row.arguments().size());
    }

    boolean isLongest() {
        return leftOut().isEmpty() && !numbers;
    }

    private boolean isNumber(Argument argument) {
        return numbers && argument.isSize();
    }

    /** Returns the name and the parameter types, which distinguish overloads. */
    String signature() {
        return row.name()
                + given().stream().map(a -> isNumber(a) ? "long" : a.linkType()).toList();
    }

    /** Returns the parameters as Java declares them. */
    String declaration() {
        List<String> declared = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Argument argument = given().get(i);
            String type = isNumber(argument) ? "long" : i == count - 1 ? argument.lastType() : argument.javaType();
            declared.add(type + " " + argument.name());
        }
        return String.join(", ", declared);
    }

    /** Returns the returned expression: the computation of the function, or a call of its longest form. */
    String body() {
        if (isLongest()) {
            return row.call();
        }
        List<String> passed = new ArrayList<>();
        given().forEach(a -> passed.add(isNumber(a) ? "new long[] {" + a.name() + "}" : a.name()));
        leftOut().forEach(a -> passed.add(a.defaultExpression()));
        return row.name() + "(" + String.join(", ", passed) + ")";
    }

    /** Returns the sentence that relates a shorter form to the longest one. */
    String abbreviation() {
        String defaults = leftOut().stream()
                .map(a -> a.name() + " = " + a.defaultValue())
                .collect(Collectors.joining(", ", "{@code ", "}"));
        List<String> parts = new ArrayList<>();
        if (numbers) {
            parts.add("one number for all dimensions");
        }
        if (!leftOut().isEmpty()) {
            parts.add(defaults);
        }
        return "This is {@link " + row.link() + " " + row.name() + "} with " + String.join(" and ", parts) + ".";
    }
}
