package org.jtorch.parity.hostile;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.nn.Module;
import org.jtorch.nn.functional.F;

/** What programs call: each chooses one public method, layer or operator, and creates a call of it. */
final class Subjects {

    /**
     * A program.
     *
     * @param subject what it calls, the same for all programs about it
     * @param expression the call
     */
    record Program(String subject, Expression expression) {}

    private final PublicApi api;
    private final List<Method> tensorMethods;
    private final List<Method> torchMethods;
    private final List<Method> functions;
    private final List<Class<?>> modules;
    private final List<Class<?>> others;
    private final List<Schemas.Schema> operators;

    Subjects(PublicApi api) {
        this.api = api;
        tensorMethods = PublicApi.methods(Tensor.class);
        torchMethods = PublicApi.methods(Torch.class);
        functions = PublicApi.methods(F.class);
        modules = api.classes().stream()
                .filter(c -> Module.class.isAssignableFrom(c)
                        && !PublicApi.constructors(c).isEmpty())
                .toList();
        others = api.classes().stream()
                .filter(c -> !modules.contains(c) && c != Tensor.class && c != Torch.class && c != F.class)
                .filter(c -> !PublicApi.constructors(c).isEmpty()
                        || !PublicApi.methods(c).isEmpty())
                .toList();
        operators = Schemas.all().stream().filter(Subjects::canBeFound).toList();
    }

    private static boolean canBeFound(Schemas.Schema schema) {
        try {
            Operator.find(schema.name(), schema.overload());
            return true;
        } catch (TorchException refused) {
            return false;
        }
    }

    /** Returns a program that depends only on {@code mood}. */
    Program program(Mood mood, Values values) {
        int kind = mood.below(100);
        if (kind < 22) {
            Method method = mood.pick(tensorMethods);
            return onReceiver(method, Tensor.class, mood, values);
        }
        if (kind < 32) {
            return statically(mood.pick(torchMethods), mood, values);
        }
        if (kind < 44) {
            return statically(mood.pick(functions), mood, values);
        }
        if (kind < 66) {
            return operator(mood.pick(operators), mood, values);
        }
        if (kind < 86) {
            return layer(mood.pick(modules), mood, values);
        }
        Class<?> type = mood.pick(others);
        List<Executable> all = new ArrayList<>(PublicApi.constructors(type));
        all.addAll(PublicApi.methods(type));
        Executable chosen = mood.pick(all);
        if (chosen instanceof Method method && !Modifier.isStatic(method.getModifiers())) {
            return onReceiver(method, type, mood, values);
        }
        return statically(chosen, mood, values);
    }

    private static String name(Executable executable, Class<?> type) {
        String parameters = Arrays.stream(executable.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(","));
        String name = executable instanceof Method method ? "." + method.getName() : ".new";
        return Values.simple(type) + name + "(" + parameters + ")";
    }

    private Program statically(Executable executable, Mood mood, Values values) {
        if (executable instanceof Method method && !Modifier.isStatic(method.getModifiers())) {
            return onReceiver(method, method.getDeclaringClass(), mood, values);
        }
        String name = name(executable, executable.getDeclaringClass());
        mood.about(name);
        Expression call = Values.invocation(null, executable, values.arguments(executable, Map.of(), 0));
        return new Program(name, chained(call, returned(executable), mood, values));
    }

    private static Type returned(Executable executable) {
        return executable instanceof Method method ? method.getGenericReturnType() : executable.getDeclaringClass();
    }

    private Program onReceiver(Method method, Class<?> type, Mood mood, Values values) {
        mood.about(name(method, type));
        Expression receiver = type == Tensor.class || type.isAssignableFrom(Tensor.class)
                ? values.tensor("self")
                : values.of(type, Map.of(), "receiver", 0);
        Expression call = Modifier.isStatic(method.getModifiers())
                ? Values.invocation(null, method, values.arguments(method, Map.of(), 0))
                : Values.invocation(receiver, method, values.arguments(method, Types.bindings(type), 0));
        return new Program(name(method, type), chained(call, method.getGenericReturnType(), mood, values));
    }

    /** Creates a layer, may change it, and calls it. */
    private Program layer(Class<?> type, Mood mood, Values values) {
        List<Method> methods = PublicApi.methods(type).stream()
                .filter(m -> !Modifier.isStatic(m.getModifiers()))
                .toList();
        List<Method> calls = methods.stream()
                .filter(m -> m.getName().equals("call") || m.getName().equals("infer"))
                .toList();
        Method method = mood.chance(0.8) && !calls.isEmpty() ? mood.pick(calls) : mood.pick(methods);
        mood.about(name(method, type));
        Constructor<?> constructor = mood.pick(PublicApi.constructors(type));
        Expression layer = Values.invocation(null, constructor, values.arguments(constructor, Map.of(), 0));
        Expression call = Values.invocation(layer, method, values.arguments(method, Types.bindings(type), 0));
        return new Program(name(method, type), chained(call, method.getGenericReturnType(), mood, values));
    }

    /** Calls a method of the result with some probability, and so on. */
    private Expression chained(Expression start, Type type, Mood mood, Values values) {
        Expression current = start;
        Class<?> raw = Types.raw(Types.resolve(type, Map.of()));
        while (mood.chance(0.25) && (raw == Tensor.class || api.classes().contains(raw))) {
            List<Method> methods = PublicApi.methods(raw).stream()
                    .filter(m -> !Modifier.isStatic(m.getModifiers()))
                    .toList();
            if (methods.isEmpty()) {
                break;
            }
            Method method = mood.pick(methods);
            current = Values.invocation(current, method, values.arguments(method, Types.bindings(raw), 0));
            raw = Types.raw(Types.resolve(method.getGenericReturnType(), Types.bindings(raw)));
        }
        return current;
    }

    // --- operators ---------------------------------------------------------------------------------------------

    private Program operator(Schemas.Schema schema, Mood mood, Values values) {
        mood.about(schema.subject());
        List<Expression> arguments = new ArrayList<>();
        for (Schemas.Parameter parameter : schema.parameters()) {
            arguments.add(
                    mood.hostile() && mood.chance(0.2)
                            ? values.of(Object.class, Map.of(), parameter.name(), 0)
                            : argument(parameter, mood, values));
        }
        if (mood.hostile() && mood.chance(0.1) && !arguments.isEmpty()) {
            arguments.remove(mood.below(arguments.size()));
        }
        String head = "Operator.find(\"" + schema.name() + "\", \"" + schema.overload() + "\").call";
        Expression call = Expression.call(head, arguments, parts -> Operator.find(schema.name(), schema.overload())
                .call(parts));
        if (mood.chance(0.75)) {
            return new Program(schema.subject(), call);
        }
        Expression first = Expression.method(
                call, "get", List.of(Expression.literal("0", 0)), parts -> (Tensor) ((List<?>) parts[0]).get(0));
        Method method = mood.pick(tensorMethods);
        return new Program(
                schema.subject(),
                Values.invocation(first, method, values.arguments(method, Types.bindings(Tensor.class), 0)));
    }

    private static Expression argument(Schemas.Parameter parameter, Mood mood, Values values) {
        String type = parameter.type();
        String name = parameter.name();
        if (type.endsWith("?") && (mood.hostile() || mood.chance(0.4))) {
            return Expression.literal("null", null);
        }
        if (type.endsWith("?")) {
            type = type.substring(0, type.length() - 1);
        }
        if (mood.hostile() && mood.chance(0.15)) {
            return Expression.literal("null", null);
        }
        int bracket = type.indexOf('[');
        if (bracket >= 0) {
            String base = type.substring(0, bracket);
            String length = type.substring(bracket + 1, type.length() - 1);
            return listed(base, length.isEmpty() || mood.hostile() ? -1 : Integer.parseInt(length), name, mood, values);
        }
        return single(type, name, mood, values);
    }

    private static Expression single(String type, String name, Mood mood, Values values) {
        Type java = javaType(type);
        if (type.equals("Layout")) {
            long layout = mood.hostile() ? mood.below(12) : 0;
            return Expression.literal(String.valueOf(layout), layout);
        }
        return java == null ? values.of(Object.class, Map.of(), name, 0) : values.of(java, Map.of(), name, 0);
    }

    private static Expression listed(String base, int length, String name, Mood mood, Values values) {
        String bare = base.endsWith("?") ? base.substring(0, base.length() - 1) : base;
        int count = length >= 0 ? length : (int) mood.pick(0, 1, 1, 2, 2, 3, 4, 6);
        List<Expression> elements = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            elements.add(
                    (!bare.equals(base) || mood.hostile()) && mood.chance(0.15)
                            ? Expression.literal("null", null)
                            : single(bare, name, mood, values));
        }
        return Expression.enclosed("Arrays.asList(", elements, ")", parts -> new ArrayList<>(Arrays.asList(parts)));
    }

    private static @Nullable Type javaType(String type) {
        return switch (type.endsWith("?") ? type.substring(0, type.length() - 1) : type) {
            case "Tensor" -> Tensor.class;
            case "int", "SymInt" -> long.class;
            case "float" -> double.class;
            case "bool" -> boolean.class;
            case "Scalar" -> Number.class;
            case "str" -> String.class;
            case "ScalarType" -> org.jtorch.DType.class;
            case "Device" -> org.jtorch.Device.class;
            case "MemoryFormat" -> org.jtorch.MemoryFormat.class;
            case "Generator" -> org.jtorch.Generator.class;
            default -> null;
        };
    }
}
