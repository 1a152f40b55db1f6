package org.jtorch.opgen;

/** The types that a row may return, and the conversion of the engine's result to them. */
enum ReturnType {
    TENSOR("Tensor", "Ops.own(%s)"),
    VALUES_INDICES("ValuesIndices", "Ops.valuesIndices(%s)"),
    TENSORS("List<Tensor>", "Ops.list(%s)"),
    BOOLEAN("boolean", "%s"),
    LONG("long", "%s"),
    DOUBLE("double", "%s");

    final String javaType;
    private final String conversion;

    ReturnType(String javaType, String conversion) {
        this.javaType = javaType;
        this.conversion = conversion;
    }

    static ReturnType of(String spelling) {
        for (ReturnType type : values()) {
            if (type.javaType.equals(spelling)) {
                return type;
            }
        }
        throw new IllegalArgumentException("unknown return type '" + spelling + "'");
    }

    /** Returns the Java form of the engine call {@code call}. The storage of a view is already counted for its base. */
    String convert(String call, boolean view) {
        if (view && this == TENSOR) {
            return "Ops.ownView(" + call + ")";
        }
        return view && this == TENSORS ? "Ops.viewList(" + call + ")" : conversion.formatted(call);
    }
}
