package org.jtorch.data.sources;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values of a row as the file's reader gives them. {@link TypedRow} converts them. */
interface Fields {

    /** Returns the names of the columns, in the order of the file. */
    List<String> names();

    /** Returns whether {@link #value} knows the column. */
    boolean has(String column);

    /**
     * Returns a value: a text, a number, a boolean, an array of bytes or a list.
     *
     * @return null if it is missing
     */
    @Nullable
    Object value(String column);

    /** Returns whether a column that the row does not have counts as missing, as in JSON. */
    default boolean absentIsMissing() {
        return false;
    }

    /** Returns the file, and the line or row. */
    String place();
}
