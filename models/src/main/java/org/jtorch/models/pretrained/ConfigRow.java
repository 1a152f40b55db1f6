package org.jtorch.models.pretrained;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A row of a table in a configuration, such as {@code [6, 24, 2, 2]}. */
public final class ConfigRow {

    private final String key;
    private final List<? extends @Nullable Object> values;

    ConfigRow(String key, List<? extends @Nullable Object> values) {
        this.key = key;
        this.values = values;
    }

    /** Returns whether the value in a column is not null. */
    public boolean has(int column) {
        return values.get(column) != null;
    }

    /** Returns the whole number in a column. */
    public long integer(int column) {
        if (values.get(column) instanceof Number number && number.doubleValue() == number.longValue()) {
            return number.longValue();
        }
        throw wrong(column, "a whole number");
    }

    /** Returns the number in a column. */
    public double number(int column) {
        if (values.get(column) instanceof Number number) {
            return number.doubleValue();
        }
        throw wrong(column, "a number");
    }

    /** Returns whether the value in a column is true. */
    public boolean flag(int column) {
        if (values.get(column) instanceof Boolean truth) {
            return truth;
        }
        throw wrong(column, "true or false");
    }

    /**
     * Returns the text in a column.
     *
     * @param accepted the texts of which it must be one
     */
    public String text(int column, String... accepted) {
        if (values.get(column) instanceof String text && List.of(accepted).contains(text)) {
            return text;
        }
        throw wrong(column, "one of " + List.of(accepted));
    }

    private ConfigException wrong(int column, String need) {
        return new ConfigException("the configuration has " + values + " in " + key + ", but the value "
                + values.get(column) + " at " + column + " must be " + need);
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
