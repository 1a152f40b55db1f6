package org.jtorch.opgen;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The parameter types that a row may use: the type that the Java caller sees, and the expression that passes the value to
 * the engine.
 */
enum ArgType {
    TENSOR("Tensor", "Tensor", "Ops.in(%s)"),
    TENSOR_OPTIONAL("Tensor?", "@Nullable Tensor", "Ops.optional(%s)"),
    TENSORS("List<Tensor>", "List<Tensor>", "%sVector"),
    NUMBER("Number", "Number", "Ops.scalar(%s)"),
    NUMBER_OPTIONAL("Number?", "@Nullable Number", "Ops.scalarOptional(%s)"),
    LONG("long", "long", "%s"),
    LONG_OPTIONAL("Long?", "@Nullable Number", "Ops.longOptional(%s)"),
    LONGS("long[]", "long[]", "%s"),
    DOUBLE("double", "double", "%s"),
    DOUBLE_OPTIONAL("Double?", "@Nullable Number", "Ops.doubleOptional(%s)"),
    BOOLEAN("boolean", "boolean", "%s"),
    STRING("String", "String", "%s"),
    STRING_OPTIONAL("String?", "@Nullable String", "Ops.stringOptional(%s)"),
    DEVICE("Device", "Device", "Ops.device(%s)"),
    DTYPE("DType", "DType", "Ops.scalarType(%s)"),
    DTYPE_OPTIONAL("DType?", "@Nullable DType", "Ops.scalarTypeOptional(%s)"),
    MEMORY_FORMAT("MemoryFormat", "MemoryFormat", "Ops.memoryFormat(%s)"),
    MEMORY_FORMAT_OPTIONAL("MemoryFormat?", "@Nullable MemoryFormat", "Ops.memoryFormatOptional(%s)"),
    GENERATOR_OPTIONAL("Generator?", "@Nullable Generator", "Ops.generatorOptional(%s)"),
    OPTIONS("TensorOptions", "TensorOptions", "Ops.options(%s)");

    private final String spelling;
    final String javaType;
    private final String conversion;

    ArgType(String spelling, String javaType, String conversion) {
        this.spelling = spelling;
        this.javaType = javaType;
        this.conversion = conversion;
    }

    static ArgType of(String spelling) {
        for (ArgType type : values()) {
            if (type.spelling.equals(spelling)) {
                return type;
            }
        }
        throw new IllegalArgumentException("unknown type '" + spelling + "'; known: "
                + Arrays.stream(values()).map(t -> t.spelling).collect(Collectors.joining(", ")));
    }

    /** Returns whether the argument must not be null. */
    boolean isRequired() {
        return !javaType.startsWith("@Nullable") && !javaType.matches("long|double|boolean");
    }

    /** Returns whether the engine's form is another object, made before the call. */
    boolean isConverted() {
        return conversion.startsWith("Ops.");
    }

    /** Returns the engine's form of the Java variable {@code name}. */
    String convert(String name) {
        return conversion.formatted(name);
    }
}
