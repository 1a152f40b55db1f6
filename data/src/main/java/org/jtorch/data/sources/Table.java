package org.jtorch.data.sources;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rows of a file in memory, column by column. */
final class Table {

    private final String file;
    private final String unit;
    private final List<String> names;
    private final Map<String, Column> columns = new LinkedHashMap<>();
    private final NumberColumn places = new NumberColumn(NumberColumn.Kind.LONG);
    private int size;

    /**
     * Creates a table without rows.
     *
     * @param file the name of the file
     * @param unit what {@link #add} counts: lines or rows
     */
    Table(String file, String unit, Map<String, Column> columns) {
        this.file = file;
        this.unit = unit;
        this.columns.putAll(columns);
        this.names = List.copyOf(this.columns.keySet());
    }

    /**
     * Adds a row.
     *
     * @param values the value of each column
     * @param place the line at which the row begins, or its number
     */
    void add(Function<String, @Nullable Object> values, long place) {
        for (Map.Entry<String, Column> column : columns.entrySet()) {
            column.getValue().add(values.apply(column.getKey()));
        }
        places.add(place);
        size = Math.addExact(size, 1);
    }

    int size() {
        return size;
    }

    List<String> names() {
        return names;
    }

    Fields row(int index) {
        return new Fields() {
            @Override
            public List<String> names() {
                return names;
            }

            @Override
            public boolean has(String column) {
                return columns.containsKey(column);
            }

            @Override
            public @Nullable Object value(String column) {
                Column found = columns.get(column);
                return found == null ? null : found.get(index);
            }

            @Override
            public String place() {
                return file + ", " + unit + " " + places.get(index);
            }
        };
    }

    /** Returns columns of texts. */
    static Map<String, Column> ofTexts(List<String> names) {
        Map<String, Column> columns = new LinkedHashMap<>();
        names.forEach(name -> columns.put(name, BytesColumn.ofText()));
        return columns;
    }
}
