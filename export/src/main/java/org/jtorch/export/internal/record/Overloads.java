package org.jtorch.export.internal.record;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Generator;
import org.jtorch.Layout;
import org.jtorch.MemoryFormat;
import org.jtorch.Operator;
import org.jtorch.OperatorSchema;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.export.graph.ExportException;

/** Finds the overload of a recorded operator by the types of its arguments. */
final class Overloads {

    private static final int UNFIT = -1000;
    private static final int SKIPPED = -2;

    /**
     * An overload with the arguments in the order of its schema.
     *
     * @param arguments the values, or {@link Trace#LEFT_OUT}
     */
    record Choice(OperatorSchema schema, List<@Nullable Object> arguments) {}

    private Overloads() {}

    /**
     * Returns the overload that takes these arguments.
     *
     * @param given the arguments as the recorder reports them: in the order of the schema, some left out at the end
     * @throws ExportException if there is none
     */
    static Choice of(String name, List<? extends @Nullable Object> given, @Nullable Object result) {
        for (Object value : given) {
            if (value instanceof Generator) {
                throw new ExportException(
                        name + " draws from a generator that the module has, but a program only knows the"
                                + " default one: call the operator without a generator");
            }
        }
        boolean likeAnother = given.size() > 1 && given.get(1) instanceof Tensor;
        if (name.equals("aten::to") && !likeAnother && result instanceof Tensor converted) {
            return conversion(given, converted);
        }
        Choice best = null;
        int bestScore = UNFIT;
        for (OperatorSchema schema : Operator.overloads(name)) {
            List<@Nullable Object> arguments = new ArrayList<>();
            int score = score(schema, given, arguments);
            if (score > bestScore) {
                bestScore = score;
                best = new Choice(schema, arguments);
            }
        }
        if (best == null) {
            throw new ExportException("the engine has no overload of " + name + " for the arguments "
                    + given.stream().map(Overloads::described).toList()
                    + ", so it cannot be written into a program: use other operators");
        }
        complete(best, result);
        return best;
    }

    static String described(@Nullable Object value) {
        return value == null
                ? "null"
                : value instanceof Tensor ? "Tensor" : value.getClass().getSimpleName();
    }

    /** Returns the overload of a conversion, of which the recorder sees neither the target nor, sometimes, the dtype. */
    private static Choice conversion(List<? extends @Nullable Object> given, Tensor result) {
        Tensor self = (Tensor) given.get(0);
        boolean moves = self != null && !self.device().equals(result.device());
        String overload = moves ? "device" : "dtype";
        OperatorSchema schema = Operator.overloads("aten::to").stream()
                .filter(each -> each.overload().equals(overload))
                .findFirst()
                .orElseThrow();
        List<@Nullable Object> arguments = new ArrayList<>();
        arguments.add(self);
        if (moves) {
            arguments.add(result.device());
        }
        arguments.add(result.dtype());
        List<Object> flags = new ArrayList<>();
        Object format = Trace.LEFT_OUT;
        for (Object value : given) {
            if (value instanceof Boolean) {
                flags.add(value);
            } else if (value instanceof MemoryFormat) {
                format = value;
            }
        }
        arguments.add(flags.isEmpty() ? Trace.LEFT_OUT : flags.get(0));
        arguments.add(flags.size() < 2 ? Trace.LEFT_OUT : flags.get(1));
        arguments.add(format);
        return new Choice(schema, arguments);
    }

    /** Returns how well the arguments fit, and adds them to {@code arguments} in the order of the schema. */
    private static int score(
            OperatorSchema schema, List<? extends @Nullable Object> given, List<@Nullable Object> arguments) {
        List<Operator.Argument> wanted = schema.arguments();
        if (wanted.stream().anyMatch(argument -> argument.keywordOnly() && argument.written())) {
            return UNFIT; // writes into tensors that the caller passes
        }
        int score = 0;
        int next = 0;
        for (int i = 0; i < wanted.size(); i++) {
            Operator.Argument argument = wanted.get(i);
            if (next == given.size()) {
                if (!argument.optional()) {
                    return UNFIT;
                }
                arguments.add(Trace.LEFT_OUT);
                continue;
            }
            Object value = given.get(next);
            if (value instanceof TensorOptions options && argument.name().equals("dtype")) {
                arguments.add(options.dtype() == null ? Trace.LEFT_OUT : options.dtype());
                arguments.add(Trace.LEFT_OUT);
                arguments.add(options.device() == null ? Trace.LEFT_OUT : options.device());
                arguments.add(Trace.LEFT_OUT);
                i += 3;
                next++;
                continue;
            }
            int fit = fit(argument, value);
            if (fit > UNFIT) {
                arguments.add(value == null && !argument.type().endsWith("?") ? Trace.LEFT_OUT : value);
                score += fit;
                next++;
            } else if (argument.optional()) {
                arguments.add(Trace.LEFT_OUT);
                score += SKIPPED;
            } else {
                return UNFIT;
            }
        }
        return next == given.size() ? score : UNFIT;
    }

    /** Returns how well a value fits an argument: 3 if it has its very type. */
    private static int fit(Operator.Argument argument, @Nullable Object value) {
        String type = argument.type();
        if (value == null) {
            return type.endsWith("?") ? 2 : argument.optional() ? 1 : UNFIT;
        }
        String plain = type.endsWith("?") ? type.substring(0, type.length() - 1) : type;
        int bracket = plain.indexOf('[');
        if (bracket >= 0) {
            return list(plain.substring(0, bracket), plain.charAt(bracket + 1) != ']', value);
        }
        return single(plain, value);
    }

    private static int list(String element, boolean fixed, Object value) {
        List<?> elements = elements(value);
        if (elements == null) {
            return fixed && single(element, value) > UNFIT ? 1 : UNFIT; // one number for each dimension
        }
        String plain = element.replace("?", "");
        for (Object each : elements) {
            if (each == null ? !element.endsWith("?") : single(plain, each) == UNFIT) {
                return UNFIT;
            }
        }
        return 3;
    }

    /** Returns the elements of a list or an array of numbers, or null. */
    static @Nullable List<?> elements(Object value) {
        if (value instanceof long[] array) {
            return IntStream.range(0, array.length).mapToObj(i -> array[i]).toList();
        }
        if (value instanceof int[] array) {
            return IntStream.range(0, array.length)
                    .mapToObj(i -> (long) array[i])
                    .toList();
        }
        if (value instanceof double[] array) {
            return IntStream.range(0, array.length).mapToObj(i -> array[i]).toList();
        }
        if (value instanceof Object[] array) {
            return Arrays.asList(array);
        }
        return value instanceof List<?> list ? list : null;
    }

    private static int single(String type, Object value) {
        boolean whole =
                value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte;
        boolean real = value instanceof Double || value instanceof Float;
        return switch (type) {
            case "Tensor" -> value instanceof Tensor ? 3 : UNFIT;
            case "int" -> whole ? 3 : UNFIT;
            case "float" -> real ? 3 : whole ? 1 : UNFIT;
            case "Scalar" -> whole || real ? 2 : value instanceof Boolean ? 1 : UNFIT;
            case "bool" -> value instanceof Boolean ? 3 : UNFIT;
            case "str" -> value instanceof String ? 3 : UNFIT;
            case "ScalarType" -> value instanceof DType ? 3 : UNFIT;
            case "Device" -> value instanceof Device ? 3 : UNFIT;
            case "Layout" -> value instanceof Layout ? 3 : UNFIT;
            case "MemoryFormat" -> value instanceof MemoryFormat ? 3 : UNFIT;
            default -> UNFIT;
        };
    }

    /** Writes down the dtype and the device of a factory's result, for which Java's defaults may not be Python's. */
    private static void complete(Choice choice, @Nullable Object result) {
        List<Operator.Argument> wanted = choice.schema().arguments();
        boolean factory = wanted.stream().anyMatch(argument -> argument.name().equals("pin_memory"))
                && wanted.stream().noneMatch(argument -> argument.name().equals("self"));
        if (!factory || !(result instanceof Tensor tensor)) {
            return;
        }
        for (int i = 0; i < wanted.size(); i++) {
            switch (wanted.get(i).name()) {
                case "dtype" -> choice.arguments().set(i, tensor.dtype());
                case "device" -> choice.arguments().set(i, tensor.device());
                case "pin_memory" -> choice.arguments().set(i, false);
                default -> {}
            }
        }
    }
}
