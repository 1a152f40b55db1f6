package org.jtorch.nn.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The parameters of a constructor, and the way in which Python binds arguments to them. */
final class Signature {

    private static final Pattern FORM = Pattern.compile("\\s*([A-Za-z_]\\w*)\\s*\\((.*)\\)\\s*", Pattern.DOTALL);
    private static final Pattern INTEGER = Pattern.compile("-?\\d+");
    private static final Pattern FUNCTION = Pattern.compile("F\\.[a-z_]\\w*");
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d*)?([eE][-+]?\\d+)?");

    /** A parameter. If it has no default, it must be given. */
    private record Parameter(
            String name, boolean required, @Nullable Object defaultValue) {}

    private final String text;
    private final String name;
    private final List<Parameter> parameters = new ArrayList<>();
    /** The number of parameters that may be given by position. */
    private int positional;

    private boolean anyArgs;
    private boolean anyKwargs;

    private Signature(String text, String name) {
        this.text = text;
        this.name = name;
    }

    static Signature parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("not of the form Name(a, b=1): " + text);
        }
        Signature signature = new Signature(text.strip(), form.group(1));
        boolean byNameOnly = false;
        for (String part : form.group(2).split(",(?![^(]*\\))", -1)) {
            String parameter = part.strip();
            if (parameter.startsWith("**")) {
                signature.anyKwargs = true;
            } else if (parameter.startsWith("*")) {
                byNameOnly = true;
                signature.anyArgs |= parameter.length() > 1;
            } else if (!parameter.isEmpty()) {
                String[] sides = parameter.split("=", 2);
                signature.parameters.add(new Parameter(
                        sides[0].strip(), sides.length == 1, sides.length == 1 ? null : literal(sides[1].strip())));
                signature.positional += byNameOnly ? 0 : 1;
            }
        }
        return signature;
    }

    private static @Nullable Object literal(String text) {
        if (text.equals("None")) {
            return null;
        } else if (text.equals("True") || text.equals("False")) {
            return text.equals("True");
        } else if (text.equals("()")) {
            return List.of();
        } else if (text.length() >= 2 && text.startsWith("'") && text.endsWith("'")) {
            return text.substring(1, text.length() - 1);
        } else if (INTEGER.matcher(text).matches()) {
            return Long.valueOf(text);
        } else if (NUMBER.matcher(text).matches()) {
            return Double.valueOf(text);
        } else if (FUNCTION.matcher(text).matches()) {
            return new FunctionSpec(text.substring(2));
        }
        throw new IllegalArgumentException(
                "a default must be a number, a string in single quotes, True, False, None, () or"
                        + " a function as F.relu: " + text);
    }

    String name() {
        return name;
    }

    /** Binds each parameter to its argument or its default. */
    Arguments bind(List<@Nullable Object> args, Map<String, @Nullable Object> kwargs) {
        if (args.size() > positional && !anyArgs) {
            throw refusal(tooMany(args.size()));
        }
        Map<String, @Nullable Object> bound = new LinkedHashMap<>();
        for (int i = 0; i < Math.min(args.size(), positional); i++) {
            bound.put(parameters.get(i).name(), args.get(i));
        }
        kwargs.forEach((key, value) -> {
            if (bound.containsKey(key)) {
                throw refusal("got multiple values for argument '" + key + "'");
            }
            if (!anyKwargs && parameters.stream().noneMatch(p -> p.name().equals(key))) {
                throw refusal("got an unexpected keyword argument '" + key + "'");
            }
            bound.put(key, value);
        });
        List<Parameter> missing = parameters.stream()
                .filter(p -> p.required() && !bound.containsKey(p.name()))
                .toList();
        if (!missing.isEmpty()) {
            throw refusal("missing " + missing.size() + " required positional argument"
                    + (missing.size() == 1 ? "" : "s") + ": " + enumeration(missing));
        }
        for (Parameter p : parameters) {
            if (!bound.containsKey(p.name())) { // An explicit None is kept.
                bound.put(p.name(), p.defaultValue());
            }
        }
        List<@Nullable Object> rest = args.size() > positional ? args.subList(positional, args.size()) : List.of();
        return new Arguments(name, bound, rest);
    }

    private IllegalArgumentException refusal(String what) {
        return new IllegalArgumentException(name + ".__init__() " + what + "; it takes " + text);
    }

    /** Returns the message for too many arguments. Python counts {@code self} too. */
    private String tooMany(int given) {
        long required = parameters.subList(0, positional).stream()
                .filter(Parameter::required)
                .count();
        String range = required == positional
                ? "takes " + (positional + 1) + " positional argument" + (positional == 0 ? "" : "s")
                : "takes from " + (required + 1) + " to " + (positional + 1) + " positional arguments";
        return range + " but " + (given + 1) + " were given";
    }

    private static String enumeration(List<Parameter> parameters) {
        List<String> names = parameters.stream().map(p -> "'" + p.name() + "'").collect(Collectors.toList());
        String last = names.remove(names.size() - 1);
        return switch (names.size()) {
            case 0 -> last;
            case 1 -> names.get(0) + " and " + last;
            default -> String.join(", ", names) + ", and " + last;
        };
    }

    /** Returns the signature as it was written. */
    @Override
    public String toString() {
        return text;
    }
}
