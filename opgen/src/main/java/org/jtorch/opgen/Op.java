package org.jtorch.opgen;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One row of a table.
 *
 * @param returns the type of the result
 * @param name the Java name; a trailing underscore means that the operation works in place
 * @param params the parameters, without the tensor on which the operation is called
 * @param options the words of the row's second column: {@code inplace} and {@code inplacefn} ask for an in-place twin;
 *     {@code view} means that the result shares the tensor's memory; {@code method} that the engine has the operation only as a
 *     method; {@code static} that it is not called on a tensor; {@code factory} the same, for one that sets {@code
 *     requires_grad}; {@code nostatic} that {@code Torch} does not have such a function
 * @param check the Java expression that refuses arguments with which the engine would crash, with the same placeholders as
 *     {@code call}; null for none
 * @param call the engine expression, with {@code $0} for the tensor itself and {@code $1} … for the converted arguments; null
 *     for the engine's function of the same name
 * @param aten the operator's name for recorders
 * @param recorded the arguments for recorders, {@code $1,$0}, if the operator has them in another order than Java; otherwise null
 * @param doc the first sentence of the Javadoc
 */
record Op(
        ReturnType returns,
        String name,
        List<Param> params,
        Set<String> options,
        @Nullable String check,
        @Nullable String call,
        String aten,
        @Nullable String recorded,
        String doc) {

    /** A placeholder for an argument, with its number. */
    static final Pattern PLACEHOLDER = Pattern.compile("\\$(\\d+)");

    private static final Set<String> OPTIONS =
            Set.of("inplace", "inplacefn", "view", "method", "static", "factory", "nostatic");

    private static final Set<String> WINDOWS =
            Set.of("kernelSize", "stride", "padding", "dilation", "outputPadding", "outputSize", "groups", "pad");

    /** Parses {@code [Return] name(Type name = default, …) | options | doc}. */
    static Op parse(String row) {
        String[] columns = row.split("\\|", 3);
        if (columns.length != 3) {
            throw new IllegalArgumentException("a row has three columns, signature | options | doc");
        }
        String signature = columns[0].strip();
        int open = signature.indexOf('(');
        int close = signature.lastIndexOf(')');
        if (open < 0 || close < open) {
            throw new IllegalArgumentException("the signature has no parentheses");
        }
        String head = signature.substring(0, open).strip();
        int space = head.lastIndexOf(' ');
        ReturnType returns = space < 0 ? ReturnType.TENSOR : ReturnType.of(head.substring(0, space));
        String name = head.substring(space + 1);
        List<Param> params = new ArrayList<>();
        String inner = signature.substring(open + 1, close).strip();
        if (!inner.isEmpty()) {
            for (String param : inner.split(",(?![^{]*})")) {
                params.add(Param.parse(param.strip()));
            }
        }
        String call = null;
        String check = null;
        String aten = "aten::" + snake(name);
        String recorded = null;
        Set<String> options = new LinkedHashSet<>();
        for (String word : words(columns[1])) {
            if (word.startsWith("call=")) {
                call = word.substring("call=".length());
            } else if (word.startsWith("check=")) {
                check = word.substring("check=".length());
            } else if (word.startsWith("aten=")) {
                aten = "aten::" + word.substring("aten=".length());
            } else if (word.startsWith("recorded=")) {
                recorded = word.substring("recorded=".length());
            } else if (OPTIONS.contains(word)) {
                options.add(word);
            } else {
                throw new IllegalArgumentException("unknown option '" + word + "'");
            }
        }
        checkPlaceholders(check, params.size());
        checkPlaceholders(call, params.size());
        checkPlaceholders(recorded, params.size());
        return new Op(returns, name, params, options, check, call, aten, recorded, columns[2].strip());
    }

    private static void checkPlaceholders(@Nullable String call, int params) {
        Matcher placeholder = PLACEHOLDER.matcher(call == null ? "" : call);
        while (placeholder.find()) {
            if (Integer.parseInt(placeholder.group(1)) > params) {
                throw new IllegalArgumentException(
                        "the call names " + placeholder.group() + ", but there are " + params + " parameters");
            }
        }
    }

    /** Returns the name and the parameter types, which distinguish overloads. */
    String signature() {
        return name + params.stream().map(p -> p.type().javaType).toList();
    }

    /** Splits at blanks. {@code check=} and then {@code call=} come last, each with everything that follows it. */
    private static List<String> words(String column) {
        String text = column.strip();
        int call = text.indexOf("call=");
        int end = call < 0 ? text.length() : call;
        int check = text.substring(0, end).indexOf("check=");
        String plain = text.substring(0, check < 0 ? end : check);
        List<String> words = new ArrayList<>(Arrays.stream(plain.strip().split("\\s+"))
                .filter(w -> !w.isEmpty())
                .toList());
        if (check >= 0) {
            words.add(text.substring(check, end).strip());
        }
        if (call >= 0) {
            words.add(text.substring(call));
        }
        return words;
    }

    /** Returns the parameters that describe windows (sizes, steps, paddings), which every operation checks. */
    List<Param> windows() {
        boolean sized = params.stream().anyMatch(p -> p.name().equals("size"));
        return params.stream()
                .filter(p -> p.type() == ArgType.LONG || p.type() == ArgType.LONGS)
                .filter(p -> WINDOWS.contains(p.name()) && !(sized && p.name().equals("stride")))
                .toList();
    }

    boolean is(String option) {
        return options.contains(option);
    }

    /** Returns whether the operation is static, that is, not called on a tensor. */
    boolean isStatic() {
        return is("static") || is("factory");
    }

    boolean inPlace() {
        return name.endsWith("_");
    }

    /**
     * Returns whether the row asks for an in-place twin: a method of the engine's tensor, or ({@code inplacefn}) a function.
     */
    boolean hasInPlaceTwin() {
        return is("inplace") || is("inplacefn");
    }

    /** Returns the in-place twin of this row: {@code add_} for {@code add}. */
    Op inPlaceTwin() {
        String twinCall = null;
        if (is("inplacefn")) {
            StringBuilder arguments = new StringBuilder("$0");
            for (int i = 1; i <= params.size(); i++) {
                arguments.append(", $").append(i);
            }
            twinCall = "torch." + snake(name) + "_(" + arguments + ")";
        }
        return new Op(
                ReturnType.TENSOR,
                name + "_",
                params,
                Set.of(),
                check,
                twinCall,
                aten + "_",
                recorded,
                "Computes {@link #" + name + "} in place.");
    }

    /** Returns the engine's name for a Java name: {@code masked_fill} for {@code maskedFill}. */
    static String snake(String name) {
        StringBuilder out = new StringBuilder();
        for (char c : name.toCharArray()) {
            if (Character.isUpperCase(c)) {
                out.append('_').append(Character.toLowerCase(c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
