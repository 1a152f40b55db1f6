package org.jtorch.opgen;

import org.jspecify.annotations.Nullable;

/**
 * One parameter of a function.
 *
 * <p>A type is written as in Java; a question mark after it means that null is allowed. {@code long[2]} is a size for each
 * of two dimensions, for which one number may be given.
 *
 * @param javaType the type as Java declares it
 * @param name the parameter's name
 * @param defaultValue the value for a caller who leaves it out, as the table has it; null if it is required
 * @param isSize whether one number may be given in place of the array
 */
record Argument(String javaType, String name, @Nullable String defaultValue, boolean isSize) {

    private static final String ARRAY = "long[]";

    /** Parses {@code Type name} or {@code Type name = default}. */
    static Argument parse(String text) {
        Declaration declaration = Declaration.parse(text);
        boolean nullable = declaration.type().endsWith("?");
        String type =
                nullable ? declaration.type().substring(0, declaration.type().length() - 1) : declaration.type();
        boolean size = type.matches("long\\[\\d+]");
        if (size) {
            type = ARRAY;
        }
        String javaType = !nullable
                ? type
                : type.endsWith("[]") ? type.substring(0, type.length() - 2) + " @Nullable []" : "@Nullable " + type;
        return new Argument(javaType, declaration.name(), declaration.defaultValue(), size);
    }

    /** Returns the type as Javadoc's links write it. This form also distinguishes overloads. */
    String linkType() {
        return javaType.replace(" @Nullable ", "").replace("@Nullable ", "").replaceAll("<.*>", "");
    }

    /** Returns the type for the last parameter. An array is then variable-arity, unless one number has a form of its own. */
    String lastType() {
        return javaType.equals(ARRAY) && !isSize ? "long..." : javaType;
    }

    /** Returns the Java expression for a caller who leaves the argument out. */
    String defaultExpression() {
        if (defaultValue == null) {
            throw new IllegalStateException(name + " has no default");
        }
        return isSize && !defaultValue.equals("null") ? "new long[] {" + defaultValue + "}" : defaultValue;
    }
}
