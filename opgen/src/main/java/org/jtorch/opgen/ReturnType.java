package org.jtorch.opgen;

/** What a row may return, and how the engine's result becomes it. */
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

    /** The Java form of the engine call {@code call}; a view's storage is already counted by its base. */
    String convert(String call, boolean view) {
        if (view && this == TENSOR) {
            return "Ops.ownView(" + call + ")";
        }
        return view && this == TENSORS ? "Ops.viewList(" + call + ")" : conversion.formatted(call);
    }
}
