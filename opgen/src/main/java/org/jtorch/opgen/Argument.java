package org.jtorch.opgen;

import org.jspecify.annotations.Nullable;

/**
 * One parameter of a function.
 *
 * <p>A type is spelled as in Java, and a question mark after it says that null may be given. {@code long[2]} is a size for each
 * of two dimensions, for which one number may be given.
 *
 * @param javaType the type as Java declares it
 * @param name its name
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

    /** The type as Javadoc's links spell it, which also tells overloads apart. */
    String linkType() {
        return javaType.replace(" @Nullable ", "").replace("@Nullable ", "").replaceAll("<.*>", "");
    }

    /** The type where it stands last: an array may then be given as single numbers, unless one number has its own form. */
    String lastType() {
        return javaType.equals(ARRAY) && !isSize ? "long..." : javaType;
    }

    /** The Java expression for a caller who leaves it out. */
    String defaultExpression() {
        if (defaultValue == null) {
            throw new IllegalStateException(name + " has no default");
        }
        return isSize && !defaultValue.equals("null") ? "new long[] {" + defaultValue + "}" : defaultValue;
    }
}
