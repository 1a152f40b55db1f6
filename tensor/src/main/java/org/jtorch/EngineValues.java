package org.jtorch;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Argument;
import org.bytedeco.pytorch.CompilationUnit;
import org.bytedeco.pytorch.FunctionSchema;
import org.bytedeco.pytorch.GenericDict;
import org.bytedeco.pytorch.GenericDictEntryRef;
import org.bytedeco.pytorch.GenericDictIterator;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tuple;
import org.bytedeco.pytorch.TupleElements;
import org.bytedeco.pytorch.TupleType;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.TypeKind;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.guards.Opaque;

/** The conversion between values in Java and the engine's values, for operators and for TorchScript. */
final class EngineValues {

    private static final int MAX_DEPTH = 100;

    /** Functions that make a dict of given types, since the engine's dicts cannot be filled from Java. */
    private static final Map<String, CompilationUnit> DICTS = new ConcurrentHashMap<>();

    private EngineValues() {}

    // --- to the engine -----------------------------------------------------------------------------------------

    /**
     * Returns the engine's form of a value that is not a list, which the caller must close.
     *
     * @param base the type as operators' schemas write it, such as {@code Tensor} or {@code ScalarType}
     * @return null if the value has another kind than the type
     */
    static @Nullable IValue single(String base, Object value) {
        switch (base) {
            case "Tensor" -> {
                if (value instanceof Tensor tensor) {
                    return new IValue(tensor.handle());
                }
                if (value instanceof org.bytedeco.pytorch.Tensor handle) {
                    return new IValue(handle);
                }
                if (value instanceof Number || value instanceof Boolean) {
                    return wrapped(value);
                }
            }
            case "int" -> {
                if (value instanceof Number number && isWhole(number)) {
                    return new IValue(number.longValue());
                }
            }
            case "float" -> {
                if (value instanceof Number number) {
                    return new IValue(number.doubleValue());
                }
            }
            case "bool" -> {
                if (value instanceof Boolean truth) {
                    return new IValue(truth.booleanValue());
                }
            }
            case "Scalar" -> {
                if (value instanceof Double || value instanceof Float) {
                    return new IValue(((Number) value).doubleValue());
                }
                if (value instanceof Number number && isWhole(number)) {
                    return new IValue(number.longValue());
                }
                if (value instanceof Boolean truth) {
                    return new IValue(truth.booleanValue());
                }
            }
            case "str" -> {
                if (value instanceof String text) {
                    return new IValue(text);
                }
            }
            case "ScalarType" -> {
                if (value instanceof DType dtype) {
                    return new IValue((long) dtype.scalarType.value);
                }
            }
            case "Layout" -> {
                if (value instanceof Layout layout) {
                    if (layout == Layout.MKLDNN) {
                        throw new TorchException(Opaque.ONE_DNN);
                    }
                    return new IValue((long) layout.handle().value);
                }
            }
            case "MemoryFormat" -> {
                if (value instanceof MemoryFormat format) {
                    return new IValue((long) format.handle.value);
                }
            }
            case "Device" -> {
                if (value instanceof Device device) {
                    return new IValue(Ops.device(device));
                }
            }
            case "Generator" -> {
                if (value instanceof Generator generator) {
                    return new IValue(generator.handle());
                }
            }
            default -> {
                return null;
            }
        }
        return null;
    }

    /** Returns whether values of this type can be passed from Java. */
    static boolean isKnown(String base) {
        return switch (base) {
            case "Tensor",
                    "int",
                    "float",
                    "bool",
                    "Scalar",
                    "str",
                    "ScalarType",
                    "Layout",
                    "MemoryFormat",
                    "Device",
                    "Generator" -> true;
            default -> false;
        };
    }

    static boolean isWhole(Number number) {
        return number.doubleValue() == number.longValue();
    }

    /**
     * Returns a number in place of a tensor. As in PyTorch, it does not change the dtype of the result if the other's kind fits.
     */
    private static IValue wrapped(Object value) {
        if (value instanceof Boolean truth) {
            try (Tensor tensor = Torch.tensor(truth ? 1L : 0L);
                    Tensor converted = tensor.to(DType.BOOL)) {
                converted.handle().unsafeGetTensorImpl().set_wrapped_number(true);
                return new IValue(converted.handle());
            }
        }
        Number number = (Number) value;
        try (Scalar scalar = number instanceof Double || number instanceof Float
                        ? new Scalar(number.doubleValue())
                        : new Scalar(number.longValue());
                org.bytedeco.pytorch.Tensor tensor = torch.wrapped_scalar_tensor(scalar)) {
            return new IValue(tensor);
        }
    }

    /**
     * Returns the engine's form of a value for a type of TorchScript, which the caller must close.
     *
     * @param value a tensor, a number, a boolean, a string, a dtype, a device, null, a list or an array, or a map
     * @param place what the value is, for messages
     * @throws IllegalArgumentException if the value does not have that type
     */
    static IValue of(Type.TypePtr type, @Nullable Object value, String place) {
        return of(type, value, place, 0);
    }

    private static IValue of(Type.TypePtr type, @Nullable Object value, String place, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException(place + " is nested more than " + MAX_DEPTH + " times");
        }
        if (value instanceof Optional<?> optional) {
            return of(type, optional.orElse(null), place, depth + 1);
        }
        switch (type.get().kind().intern()) {
            case OptionalType -> {
                return value == null ? new IValue() : of(contained(type, 0), value, place, depth + 1);
            }
            case NoneType -> {
                if (value == null) {
                    return new IValue();
                }
            }
            case UnionType -> {
                for (long i = 0; i < type.get().containedTypes().size(); i++) {
                    try {
                        return of(contained(type, i), value, place, depth + 1);
                    } catch (IllegalArgumentException e) {
                        continue; // it may be one of the other types
                    }
                }
            }
            case AnyType -> {
                return any(value, place);
            }
            case ListType -> {
                if (value instanceof List<?>
                        || value != null && value.getClass().isArray()) {
                    return list(type, OperatorArgument.elements(value, 1), place, depth);
                }
            }
            case TupleType -> {
                List<?> elements = value instanceof Map<?, ?> map
                        ? fields(type, map, place)
                        : value instanceof List<?>
                                        || value != null && value.getClass().isArray()
                                ? OperatorArgument.elements(value, 1)
                                : null;
                if (elements != null
                        && elements.size() == type.get().containedTypes().size()) {
                    return tuple(type, elements, place, depth);
                }
            }
            case DictType -> {
                if (value instanceof Map<?, ?> map) {
                    return dict(type, map, place, depth);
                }
            }
            default -> {
                IValue plain = value == null ? null : plain(type, value);
                if (plain != null) {
                    return plain;
                }
            }
        }
        throw wrong(type, value, place);
    }

    private static @Nullable IValue plain(Type.TypePtr type, Object value) {
        return switch (type.get().kind().intern()) {
            case TensorType -> value instanceof Tensor ? single("Tensor", value) : null;
            case IntType ->
                value instanceof DType
                        ? single("ScalarType", value)
                        : value instanceof Layout
                                ? single("Layout", value)
                                : value instanceof MemoryFormat ? single("MemoryFormat", value) : single("int", value);
            case FloatType -> single("float", value);
            case BoolType -> single("bool", value);
            case NumberType -> single("Scalar", value);
            case StringType -> single("str", value);
            case DeviceObjType -> single("Device", value);
            case GeneratorType -> single("Generator", value);
            default -> null;
        };
    }

    private static IValue list(Type.TypePtr type, List<?> elements, String place, int depth) {
        Type.TypePtr element = contained(type, 0);
        try (GenericList list = new GenericList(element)) {
            int index = 0;
            for (Object each : elements) {
                try (IValue boxed = of(element, each, place + "[" + index++ + "]", depth + 1)) {
                    list.push_back(boxed);
                }
            }
            return new IValue(list);
        }
    }

    private static IValue tuple(Type.TypePtr type, List<?> elements, String place, int depth) {
        try (IValueVector parts = new IValueVector()) {
            for (int i = 0; i < elements.size(); i++) {
                try (IValue boxed = of(contained(type, i), elements.get(i), place + "[" + i + "]", depth + 1)) {
                    parts.push_back(boxed);
                }
            }
            boolean named = !names(type).isEmpty();
            try (Tuple tuple = named ? Tuple.createNamed(parts, type) : Tuple.create(parts)) {
                return new IValue(tuple);
            }
        }
    }

    /** Returns the elements of a named tuple. */
    private static List<?> fields(Type.TypePtr type, Map<?, ?> map, String place) {
        List<String> names = names(type);
        if (names.isEmpty()) {
            throw new IllegalArgumentException(
                    place + " is a tuple without names: pass a list of its elements, not a map with" + " the keys "
                            + map.keySet());
        }
        if (!map.keySet().equals(new LinkedHashSet<>(names))) {
            throw new IllegalArgumentException(place + " must have the keys " + names + ", but has " + map.keySet());
        }
        List<@Nullable Object> elements = new ArrayList<>();
        names.forEach(name -> elements.add(map.get(name)));
        return elements;
    }

    private static IValue dict(Type.TypePtr type, Map<?, ?> map, String place, int depth) {
        Type.TypePtr key = contained(type, 0);
        Type.TypePtr value = contained(type, 1);
        try (GenericList keys = new GenericList(key);
                GenericList values = new GenericList(value);
                IValueVector stack = new IValueVector()) {
            map.forEach((k, v) -> {
                try (IValue boxedKey = of(key, k, "a key of " + place, depth + 1);
                        IValue boxed = of(value, v, place + "['" + k + "']", depth + 1)) {
                    keys.push_back(boxedKey);
                    values.push_back(boxed);
                }
            });
            try (IValue first = new IValue(keys);
                    IValue second = new IValue(values)) {
                stack.push_back(first);
                stack.push_back(second);
            }
            CompilationUnit unit = DICTS.computeIfAbsent(text(type.get().annotation_str()), EngineValues::dictMaker);
            return new IValue(unit.get_function(new QualifiedName("make")).apply(stack));
        }
    }

    private static CompilationUnit dictMaker(String type) {
        String inner = type.substring(type.indexOf('[') + 1, type.length() - 1);
        int comma = inner.indexOf(','); // keys are of plain types
        return torch.compile("def make(keys: List[" + inner.substring(0, comma) + "], values: List["
                + inner.substring(comma + 1).strip() + "]) -> " + type + ":\n"
                + "    made: " + type + " = {}\n"
                + "    for i in range(len(keys)):\n"
                + "        made[keys[i]] = values[i]\n"
                + "    return made\n");
    }

    /** Returns a value whose type is not given. */
    private static IValue any(@Nullable Object value, String place) {
        if (value == null) {
            return new IValue();
        }
        List<String> bases =
                value instanceof Tensor ? List.of("Tensor") : List.of("bool", "Scalar", "str", "ScalarType", "Device");
        for (String base : bases) {
            IValue made = single(base, value);
            if (made != null) {
                return made;
            }
        }
        throw new IllegalArgumentException(
                place + " is of type Any, for which a " + value.getClass().getSimpleName()
                        + " cannot be passed: pass a tensor, a number, a boolean or a string");
    }

    private static IllegalArgumentException wrong(Type.TypePtr type, @Nullable Object value, String place) {
        String given = value == null
                ? "null"
                : value instanceof Number number
                        ? number.toString()
                        : value instanceof List<?> list
                                ? "a list of " + list.size()
                                : "a "
                                        + (value instanceof Map
                                                ? "Map"
                                                : value.getClass().getSimpleName());
        return new IllegalArgumentException(
                place + " is of type " + text(type.get().annotation_str()) + ", but was given " + given);
    }

    // --- from the engine ---------------------------------------------------------------------------------------

    /**
     * Returns our own handle of a tensor. The engine's handle is freed with its container or by the collector, which would keep
     * the elements.
     */
    static org.bytedeco.pytorch.Tensor handle(IValue value) {
        try (org.bytedeco.pytorch.Tensor lent = value.toTensor()) {
            return new org.bytedeco.pytorch.Tensor(lent);
        }
    }

    /**
     * Returns a value in Java. Tensors belong to the current scope.
     *
     * @param type the type, from which the names of a named tuple are known; null if it is not known
     * @return a tensor, null for None and for an undefined tensor, a {@code Long}, {@code Double}, {@code Boolean} or {@code
     *     String}, a device, a list for a list and a tuple, or a map for a dict and a named tuple
     * @throws TorchException if the value is of another kind
     */
    static @Nullable Object toJava(IValue value, Type.@Nullable TypePtr type) {
        return toJava(value, type, 0);
    }

    private static @Nullable Object toJava(IValue value, Type.@Nullable TypePtr type, int depth) {
        if (depth > MAX_DEPTH) {
            throw new TorchException("the engine's value is nested more than " + MAX_DEPTH + " times");
        }
        if (value.isNone()) {
            return null;
        }
        if (value.isTensor()) {
            org.bytedeco.pytorch.Tensor handle = handle(value);
            if (handle.defined()) {
                return Ops.own(handle);
            }
            handle.close();
            return null;
        }
        if (value.isInt()) {
            return value.toInt();
        }
        if (value.isDouble()) {
            return value.toDouble();
        }
        if (value.isBool()) {
            return value.toBool();
        }
        if (value.isString()) {
            try (BytePointer text = value.toStringRef()) {
                return text.getString(StandardCharsets.UTF_8);
            }
        }
        if (value.isDevice()) {
            try (org.bytedeco.pytorch.Device device = value.toDevice()) {
                return Device.of(text(device.str()));
            }
        }
        if (value.isTensorList()) {
            return Ops.list(value.toTensorVector());
        }
        Type.TypePtr inner =
                type != null && type.get().kind().intern() == TypeKind.OptionalType ? contained(type, 0) : type;
        if (value.isList()) {
            return list(value, inner, depth);
        }
        if (value.isTuple()) {
            return tuple(value, inner, depth);
        }
        if (value.isGenericDict()) {
            return dict(value, inner, depth);
        }
        throw new TorchException("the engine returned a value of the kind " + text(value.tagKind())
                + ", which has no counterpart in Java");
    }

    private static List<@Nullable Object> list(IValue value, Type.@Nullable TypePtr type, int depth) {
        Type.TypePtr element =
                type != null && type.get().kind().intern() == TypeKind.ListType ? contained(type, 0) : null;
        try (GenericList list = value.toList()) {
            List<@Nullable Object> all = new ArrayList<>();
            for (long i = 0; i < list.size(); i++) {
                try (IValue each = list.get(i)) {
                    all.add(toJava(each, element, depth + 1));
                }
            }
            return all;
        }
    }

    private static Object tuple(IValue value, Type.@Nullable TypePtr type, int depth) {
        Type.TypePtr known = type != null && type.get().kind().intern() == TypeKind.TupleType ? type : null;
        List<String> names = known == null ? List.of() : names(known);
        List<@Nullable Object> all = new ArrayList<>();
        try (Tuple tuple = value.toTuple();
                TupleElements elements = tuple.elements()) {
            for (long i = 0; i < elements.size(); i++) {
                try (IValue each = elements.get(i)) {
                    all.add(toJava(each, known == null ? null : contained(known, i), depth + 1));
                }
            }
        }
        if (names.size() != all.size() || names.isEmpty()) {
            return all;
        }
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            map.put(names.get(i), all.get(i));
        }
        return map;
    }

    private static Map<Object, @Nullable Object> dict(IValue value, Type.@Nullable TypePtr type, int depth) {
        Type.TypePtr element =
                type != null && type.get().kind().intern() == TypeKind.DictType ? contained(type, 1) : null;
        Map<Object, @Nullable Object> map = new LinkedHashMap<>();
        try (GenericDict dict = value.toGenericDict();
                GenericDictIterator end = dict.end()) {
            for (GenericDictIterator at = dict.begin(); at.notEquals(end); at = at.increment()) {
                GenericDictEntryRef entry = at.access();
                try (IValue key = entry.key();
                        IValue each = entry.value()) {
                    Object name = toJava(key, null, depth + 1);
                    if (name != null) {
                        map.put(name, toJava(each, element, depth + 1));
                    }
                }
            }
        }
        return map;
    }

    // --- types -------------------------------------------------------------------------------------------------

    private static Type.TypePtr contained(Type.TypePtr type, long index) {
        return type.get().containedType(index);
    }

    /** Returns the names of a named tuple's fields; empty for a tuple without names. */
    private static List<String> names(Type.TypePtr tuple) {
        FunctionSchema schema = new TupleType((Pointer) tuple.get()).schema();
        if (schema == null || schema.isNull()) {
            return Collections.emptyList();
        }
        List<String> names = new ArrayList<>();
        Argument first = schema.arguments();
        for (long i = 0; i < tuple.get().containedTypes().size(); i++) {
            names.add(text(((Argument) first.getPointer(i)).name()));
        }
        return names;
    }

    private static String text(BytePointer text) {
        try (text) {
            return text.getString(StandardCharsets.UTF_8);
        }
    }
}
