package org.jtorch.parity.hostile;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.nn.Module;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.linear.Linear;

/** Creates expressions of any type that a public method may take, both ordinary and hostile ones. */
final class Values {

    private static final long[] HOSTILE_LONGS = {
        0,
        0,
        -1,
        -1,
        -2,
        7,
        64,
        100,
        1000,
        65536,
        1L << 20,
        1L << 30,
        (1L << 31) - 1,
        1L << 31,
        -(1L << 31),
        1L << 32,
        (1L << 32) + 1,
        1L << 33,
        1L << 40,
        1L << 62,
        -(1L << 62),
        Long.MAX_VALUE,
        Long.MAX_VALUE - 1,
        Long.MIN_VALUE,
        Long.MIN_VALUE + 1
    };

    private static final double[] HOSTILE_DOUBLES = {
        0,
        -0.0,
        -1,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        1e308,
        -1e308,
        Double.MIN_VALUE,
        1e-30,
        1e19,
        -1e19,
        4294967296.0,
        2147483648.0
    };

    private static final List<String> STRINGS = List.of(
            "mean",
            "sum",
            "none",
            "zeros",
            "reflect",
            "replicate",
            "circular",
            "constant",
            "border",
            "reflection",
            "bilinear",
            "nearest",
            "nearest-exact",
            "bicubic",
            "linear",
            "trilinear",
            "area",
            "tanh",
            "trunc",
            "floor",
            "same",
            "valid",
            "amax",
            "amin",
            "prod",
            "add",
            "multiply",
            "ij",
            "xy",
            "L",
            "U",
            "reduced",
            "complete",
            "r",
            "fro",
            "nuc",
            "lower",
            "higher",
            "midpoint",
            "ortho",
            "forward",
            "backward",
            "left",
            "right",
            "max",
            "weight",
            "bias",
            "weight_hh_l0",
            "0",
            "ij,jk->ik",
            "ii",
            "...i->...",
            "i,j->ij",
            "aten::add",
            "cpu",
            "meta",
            "float32");

    private static final List<String> HOSTILE_STRINGS = List.of(
            "",
            " ",
            "no such thing",
            "a\0b",
            "\0",
            "\uD800",
            "𝄞",
            "a.b..c",
            "..",
            "cuda",
            "cuda:99",
            "cpu:-1",
            "->",
            "i->j",
            "{}",
            "%s%s%s%n",
            "x".repeat(5000));

    private final Mood mood;
    private final PublicApi api;
    private final Tensors tensors;
    private final Path folder;
    private final List<Expression> made = new ArrayList<>();

    Values(Mood mood, PublicApi api, Path folder) {
        this.mood = mood;
        this.api = api;
        this.tensors = new Tensors(mood);
        this.folder = folder;
    }

    /** Returns the arguments of a method or a constructor. */
    List<Expression> arguments(Executable of, Map<TypeVariable<?>, Type> bindings, int depth) {
        Parameter[] parameters = of.getParameters();
        Type[] types = of.getGenericParameterTypes();
        List<Expression> arguments = new ArrayList<>();
        for (int i = 0; i < parameters.length; i++) {
            Type type = types.length == parameters.length ? types[i] : parameters[i].getType();
            arguments.add(of(type, bindings, parameters[i].getName(), depth));
        }
        return arguments;
    }

    /** Returns a value of {@code type} for a parameter with the given name. */
    Expression of(Type type, Map<TypeVariable<?>, Type> bindings, String name, int depth) {
        Type resolved = Types.resolve(type, bindings);
        Class<?> raw = Types.raw(resolved);
        if (raw.isPrimitive()) {
            return primitive(raw, name);
        }
        if (mood.hostile() && mood.chance(0.3)) {
            return nothing(raw);
        }
        if (raw == Object.class) {
            return anything(bindings, name, depth);
        }
        if (Tensor.class.isAssignableFrom(raw)) {
            return raw == Tensor.class ? tensor(name) : ofApi(raw, resolved, bindings, depth);
        }
        if (raw.isArray()) {
            return array(raw.getComponentType(), resolved, bindings, name, depth);
        }
        if (raw == String.class || raw == CharSequence.class) {
            return string();
        }
        if (raw.isEnum()) {
            return constant(raw);
        }
        if (Number.class.isAssignableFrom(raw) || raw == Boolean.class || raw == Character.class) {
            return number(raw, name);
        }
        if (raw == Device.class) {
            return device();
        }
        if (raw == Path.class) {
            return path();
        }
        if (raw == ByteBuffer.class) {
            return buffer();
        }
        if (raw == Optional.class) {
            return Expression.call(
                    "Optional.of",
                    List.of(of(Types.argument(resolved, 0), bindings, name, depth)),
                    parts -> Optional.ofNullable(parts[0]));
        }
        if (raw == Class.class) {
            return Expression.literal("Tensor.class", Tensor.class);
        }
        if (Map.class.isAssignableFrom(raw)) {
            return map(resolved, bindings, name, depth);
        }
        if (raw.isAssignableFrom(List.class) || raw == Set.class || raw == Stream.class) {
            return list(raw, Types.argument(resolved, 0), bindings, name, depth);
        }
        if (Module.class.isAssignableFrom(raw) && mood.chance(0.5)) {
            Expression usual = module();
            if (raw.isAssignableFrom(Linear.class) || raw == Module.class) {
                return usual;
            }
        }
        Method single = singleMethod(raw);
        if (single != null) {
            return lambda(raw, resolved, single, bindings, depth);
        }
        return ofApi(raw, resolved, bindings, depth);
    }

    private static Expression nothing(Class<?> raw) {
        return Expression.literal("(" + raw.getSimpleName() + ") null", null);
    }

    Expression tensor(String name) {
        if (!made.isEmpty() && mood.chance(0.15)) {
            return mood.pick(made);
        }
        Expression tensor = tensors.tensor(name);
        made.add(tensor);
        return tensor;
    }

    private Expression anything(Map<TypeVariable<?>, Type> bindings, String name, int depth) {
        List<Type> types = List.of(
                Tensor.class,
                Tensor.class,
                Tensor.class,
                long.class,
                double.class,
                String.class,
                long[].class,
                float[].class,
                Tensor[].class,
                float[][].class,
                Boolean.class,
                Device.class,
                DType.class);
        return of(mood.pick(types), bindings, name, depth);
    }

    // --- numbers and text --------------------------------------------------------------------------------------

    private Expression primitive(Class<?> type, String name) {
        if (type == boolean.class) {
            boolean value = mood.chance(0.5);
            return Expression.literal(String.valueOf(value), value);
        }
        if (type == double.class) {
            double value = real(name);
            return Expression.literal(text(value), value);
        }
        if (type == float.class) {
            float value = (float) real(name);
            return Expression.literal("(float) " + text(value), value);
        }
        long value = integer(name);
        if (type == long.class) {
            return Expression.literal(text(value), value);
        }
        if (type == int.class) {
            return Expression.literal(String.valueOf((int) value), (int) value);
        }
        if (type == short.class) {
            return Expression.literal("(short) " + (short) value, (short) value);
        }
        if (type == byte.class) {
            return Expression.literal("(byte) " + (byte) value, (byte) value);
        }
        return Expression.literal("(char) " + (int) (char) value, (char) value);
    }

    private Expression number(Class<?> type, String name) {
        if (type == Boolean.class) {
            return primitive(boolean.class, name);
        }
        if (type == Character.class) {
            return primitive(char.class, name);
        }
        if (type == Double.class || (type == Number.class && mood.chance(0.5))) {
            return primitive(double.class, name);
        }
        if (type == Float.class) {
            return primitive(float.class, name);
        }
        if (type == Integer.class) {
            return primitive(int.class, name);
        }
        return primitive(long.class, name);
    }

    private static String text(double value) {
        if (Double.isNaN(value)) {
            return "Double.NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "Double.POSITIVE_INFINITY" : "Double.NEGATIVE_INFINITY";
        }
        return String.valueOf(value);
    }

    private static String text(long value) {
        return value == Long.MIN_VALUE ? "Long.MIN_VALUE" : value + "L";
    }

    double real(String name) {
        if (mood.hostile()) {
            return HOSTILE_DOUBLES[mood.below(HOSTILE_DOUBLES.length)];
        }
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.equals("p") || lower.contains("prob") || lower.contains("dropout")) {
            return 0.5;
        }
        return mood.pick(List.of(0.0, 0.1, 0.5, 0.5, 1.0, 1.0, 2.0, 1e-5, -1.0, 3.0));
    }

    long integer(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (mood.hostile()) {
            // That many Java objects would be created, which ends in an OutOfMemoryError after minutes.
            boolean ofObjects = lower.contains("layers") || lower.contains("iterations");
            return ofObjects ? mood.pick(-1, 0, 70, Long.MIN_VALUE) : HOSTILE_LONGS[mood.below(HOSTILE_LONGS.length)];
        }
        if (lower.matches("dims?\\d?|.*axis|.*_dim\\d?|startdim|enddim")) {
            return mood.below(4) - 1L;
        }
        if (lower.contains("reduction")) {
            return mood.below(3);
        }
        if (lower.contains("groups")
                || lower.contains("dilation")
                || lower.contains("layers")
                || lower.contains("head")) {
            return mood.pick(1, 1, 1, 2);
        }
        if (lower.contains("pad")) {
            return mood.pick(0, 0, 1, 2);
        }
        if (lower.contains("kernel") || lower.contains("stride")) {
            return mood.pick(1, 2, 2, 3);
        }
        boolean size = lower.contains("channels")
                || lower.contains("features")
                || lower.contains("size")
                || lower.contains("dim")
                || lower.contains("num");
        return mood.chance(size ? 0.95 : 0.6) ? mood.size() : mood.pick(0, 1, 1, 2, 3, -1);
    }

    Expression string() {
        String value = mood.hostile() ? mood.pick(HOSTILE_STRINGS) : mood.pick(STRINGS);
        return Expression.literal(quoted(value), value);
    }

    private static String quoted(String value) {
        if (value.length() > 1000) {
            return "\"x\".repeat(" + value.length() + ")";
        }
        StringBuilder out = new StringBuilder("\"");
        for (char c : value.toCharArray()) {
            out.append(c < ' ' || c > '~' ? String.format(Locale.ROOT, "\\u%04x", (int) c) : String.valueOf(c));
        }
        return out.append('"').toString();
    }

    private Expression constant(Class<?> type) {
        if (type == DType.class && !mood.hostile()) {
            DType dtype = DType.valueOf(mood.dtype());
            return Expression.literal("DType." + dtype.name(), dtype);
        }
        Object[] constants = type.getEnumConstants();
        Object value =
                constants[mood.hostile() ? mood.below(constants.length) : mood.below(Math.min(12, constants.length))];
        return Expression.literal(type.getSimpleName() + "." + ((Enum<?>) value).name(), value);
    }

    private Expression device() {
        if (!mood.hostile() || mood.chance(0.7)) {
            return Expression.literal("Device.CPU", Device.CPU);
        }
        String text = mood.pick(List.of("meta", "cuda", "cuda:99", "mps", "xla", "lazy", "vulkan", "hpu", "cpu:7"));
        return Expression.fresh("Device.of(\"" + text + "\")", parts -> Device.of(text));
    }

    private Expression path() {
        String name = mood.pick(
                List.of("missing.pt", "empty.pt", "junk.pt", "model.pt", "model.safetensors", ".", "new/x.pt"));
        return Expression.literal("folder.resolve(\"" + name + "\")", folder.resolve(name));
    }

    private Expression buffer() {
        int size = mood.hostile() ? (int) mood.pick(0, 1, 7) : 256;
        return mood.chance(0.5)
                ? Expression.fresh("ByteBuffer.allocate(" + size + ")", parts -> ByteBuffer.allocate(size))
                : Expression.fresh("ByteBuffer.allocateDirect(" + size + ")", parts -> ByteBuffer.allocateDirect(size));
    }

    // --- collections -------------------------------------------------------------------------------------------

    private int length(String name) {
        if (mood.hostile()) {
            return (int) mood.pick(0, 0, 1, 5, 9, 70);
        }
        return mood.length(name.toLowerCase(Locale.ROOT));
    }

    private Expression array(
            Class<?> component, Type whole, Map<TypeVariable<?>, Type> bindings, String name, int depth) {
        int length = length(name);
        if (component == long.class && (name.equals("size") || name.equals("shape")) && mood.chance(0.6)) {
            long[] shape = mood.shape();
            return Expression.fresh("new long[] {" + Tensors.java(shape) + "}", parts -> shape.clone());
        }
        Type element = whole instanceof java.lang.reflect.GenericArrayType generic
                ? generic.getGenericComponentType()
                : component;
        List<Expression> elements = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            elements.add(of(element, bindings, name, depth + 1));
        }
        return Expression.enclosed("new " + component.getSimpleName() + "[] {", elements, "}", parts -> {
            Object array = Array.newInstance(component, parts.length);
            for (int i = 0; i < parts.length; i++) {
                Array.set(array, i, parts[i]);
            }
            return array;
        });
    }

    private Expression list(Class<?> raw, Type element, Map<TypeVariable<?>, Type> bindings, String name, int depth) {
        int length = length("");
        List<Expression> elements = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            elements.add(of(element, bindings, name, depth + 1));
        }
        return Expression.enclosed("Arrays.asList(", elements, ")", parts -> {
            List<@Nullable Object> list = new ArrayList<>(Arrays.asList(parts));
            if (raw == Set.class) {
                return new java.util.LinkedHashSet<>(list);
            }
            return raw == Stream.class ? list.stream() : list;
        });
    }

    private Expression map(Type whole, Map<TypeVariable<?>, Type> bindings, String name, int depth) {
        Type value = Types.argument(whole, 1);
        List<Expression> values = new ArrayList<>();
        int length = length("");
        for (int i = 0; i < length; i++) {
            values.add(of(Types.argument(whole, 0), bindings, name, depth + 1));
            values.add(of(value, bindings, name, depth + 1));
        }
        return Expression.enclosed("map(", values, ")", parts -> {
            Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
            for (int i = 0; i < parts.length; i += 2) {
                map.put(parts[i], parts[i + 1]);
            }
            return map;
        });
    }

    // --- objects -----------------------------------------------------------------------------------------------

    private Expression module() {
        long size = mood.size();
        return mood.chance(0.5)
                ? Expression.fresh("new Linear(" + size + ", " + size + ")", parts -> new Linear(size, size))
                : Expression.fresh(
                        "new Sequential(new Linear(" + size + ", " + size + "), new ReLU())",
                        parts -> new Sequential(new Linear(size, size), new ReLU()));
    }

    /** Returns the only abstract method of an interface that a lambda can implement. */
    private static @Nullable Method singleMethod(Class<?> type) {
        if (!type.isInterface() || type.isSealed()) {
            return null;
        }
        List<Method> methods = Arrays.stream(type.getMethods())
                .filter(m -> Modifier.isAbstract(m.getModifiers()))
                .filter(m -> !(m.getName().equals("equals") && m.getParameterCount() == 1))
                .toList();
        return methods.size() == 1 ? methods.get(0) : null;
    }

    /** Returns a lambda that calls a few methods of its argument, and returns a value of the required type. */
    private Expression lambda(Class<?> type, Type whole, Method method, Map<TypeVariable<?>, Type> outer, int depth) {
        Map<TypeVariable<?>, Type> bindings = new HashMap<>(outer);
        bindings.putAll(Types.bindings(whole));
        List<Object> text = new ArrayList<>();
        Type[] types = method.getGenericParameterTypes();
        List<Expression> parameters = new ArrayList<>();
        for (int i = 0; i < types.length; i++) {
            parameters.add(Expression.literal("o" + (depth == 0 ? "" : depth) + (i == 0 ? "" : "_" + i), null));
        }
        text.add("(");
        for (int i = 0; i < parameters.size(); i++) {
            if (i > 0) {
                text.add(", ");
            }
            text.add(parameters.get(i));
        }
        text.add(") -> { ");
        List<Expression> statements = new ArrayList<>();
        if (depth < 3 && types.length > 0) {
            Class<?> first = Types.raw(Types.resolve(types[0], bindings));
            List<Method> usable = PublicApi.methods(first).stream()
                    .filter(m -> !Modifier.isStatic(m.getModifiers()))
                    .toList();
            int calls = usable.isEmpty() ? 0 : 1 + mood.below(3);
            for (int i = 0; i < calls; i++) {
                Method each = mood.pick(usable);
                Expression statement =
                        invocation(parameters.get(0), each, arguments(each, Types.bindings(first), depth + 1));
                statements.add(statement);
                text.add(statement);
                text.add("; ");
            }
        }
        Expression result;
        if (method.getReturnType() == void.class) {
            result = Expression.literal("", null);
        } else {
            Class<?> wanted = Types.raw(Types.resolve(method.getGenericReturnType(), bindings));
            result = !parameters.isEmpty()
                            && mood.chance(0.5)
                            && wanted.isAssignableFrom(Types.raw(Types.resolve(types[0], bindings)))
                    ? parameters.get(0)
                    : depth > 4 ? nothing(wanted) : of(method.getGenericReturnType(), bindings, "result", depth + 1);
            text.add("return ");
            text.add(result);
            text.add("; ");
        }
        text.add("}");
        return Expression.lazy(
                text,
                nothing ->
                        Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, called, given) -> {
                            if (called.getDeclaringClass() == Object.class) {
                                return switch (called.getName()) {
                                    case "equals" -> proxy == given[0];
                                    case "hashCode" -> System.identityHashCode(proxy);
                                    default -> "a lambda";
                                };
                            }
                            if (called.isDefault()) {
                                return java.lang.reflect.InvocationHandler.invokeDefault(proxy, called, given);
                            }
                            Expression.Frame frame = new Expression.Frame();
                            for (int i = 0; i < parameters.size(); i++) {
                                frame.set(parameters.get(i), given[i]);
                            }
                            try {
                                for (Expression statement : statements) {
                                    statement.run(frame);
                                }
                                return result.run(frame);
                            } finally {
                                frame.undo();
                            }
                        }));
    }

    /**
     * Returns an object of a class of jtorch, created by a constructor, a static method or a constant of the class or of a
     * subclass.
     */
    Expression ofApi(Class<?> raw, Type whole, Map<TypeVariable<?>, Type> bindings, int depth) {
        if (depth > 4) {
            return nothing(raw);
        }
        Class<?> chosen = raw;
        List<Class<?>> implementations = api.implementations(raw);
        if (!implementations.isEmpty() && !(implementations.contains(raw) && mood.chance(0.5))) {
            chosen = mood.pick(implementations);
        }
        List<Executable> makers = new ArrayList<>(api.makers(chosen));
        if (chosen != raw) {
            makers.addAll(api.makers(raw));
        }
        if (makers.isEmpty()) {
            return Collection.class.isAssignableFrom(raw)
                    ? list(List.class, Object.class, bindings, "", depth)
                    : nothing(raw);
        }
        Executable maker = mood.pick(makers);
        return invocation(null, maker, arguments(maker, Types.bindings(whole), depth + 1));
    }

    /** Returns a call of a method (on {@code receiver}, unless it is static) or a constructor. */
    static Expression invocation(@Nullable Expression receiver, Executable called, List<Expression> arguments) {
        called.setAccessible(true); // It is public, but inherited from a class that is not.
        if (called instanceof Constructor<?> constructor) {
            return Expression.call(
                    "new " + simple(constructor.getDeclaringClass()),
                    arguments,
                    parts -> unwrapped(() -> constructor.newInstance(parts)));
        }
        Method method = (Method) called;
        if (receiver == null) {
            return Expression.call(
                    simple(method.getDeclaringClass()) + "." + method.getName(),
                    arguments,
                    parts -> unwrapped(() -> method.invoke(null, parts)));
        }
        return Expression.method(
                receiver,
                method.getName(),
                arguments,
                parts -> unwrapped(() -> method.invoke(parts[0], Arrays.copyOfRange(parts, 1, parts.length))));
    }

    /** Returns the name of the class as it is written in code. */
    static String simple(Class<?> type) {
        String name = type.getName();
        String bare = name.substring(name.lastIndexOf('.') + 1).replace('$', '.');
        // Static methods of Torch and F are inherited.
        return switch (bare) {
            case "TorchOps", "TorchArrays" -> "Torch";
            default -> bare.endsWith("Functions") ? "F" : bare;
        };
    }

    private interface Reflective {
        @Nullable
        Object run() throws ReflectiveOperationException;
    }

    private static @Nullable Object unwrapped(Reflective reflective) throws Throwable {
        try {
            return reflective.run();
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
