package org.jtorch.data.sources;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jtorch.TorchException;
import org.jtorch.internal.text.Nearest;

/**
 * The optional arguments that {@link CsvDataset}, {@link JsonLinesDataset} and {@link ParquetDataset} have in common.
 *
 * @param <O> the type of the options
 */
public abstract sealed class RowOptions<O extends RowOptions<O>>
        permits CsvDataset.Options, JsonLinesDataset.Options, ParquetDataset.Options {

    private final Set<String> columns = new LinkedHashSet<>();
    private final Map<String, Double> missing = new LinkedHashMap<>();
    private final Map<String, Map<String, Integer>> classes = new LinkedHashMap<>();

    RowOptions() {}

    abstract O self();

    /**
     * Sets the columns to keep; the default is all. The others need no memory, and Parquet does not read them.
     *
     * @throws IllegalArgumentException if a name is given twice
     */
    public O columns(String... names) {
        columns.clear();
        for (String name : names) {
            if (!columns.add(name)) {
                throw new IllegalArgumentException("the column \"" + name + "\" is named twice");
            }
        }
        return self();
    }

    /**
     * Sets the number that stands for missing values of a column. By default, a missing value is an error when it is
     * asked for as a number.
     */
    public O missing(String column, double number) {
        missing.put(column, number);
        return self();
    }

    /**
     * Sets the names of the classes in a column: the first has the index 0. A value that is none of them is an error.
     *
     * @throws IllegalArgumentException if there are no names, or if one is given twice
     */
    public O classes(String column, List<String> names) {
        Map<String, Integer> indices = new LinkedHashMap<>();
        for (String name : names) {
            if (indices.putIfAbsent(name, indices.size()) != null) {
                throw new IllegalArgumentException(
                        "the class \"" + name + "\" of column \"" + column + "\" is named twice");
            }
        }
        if (indices.isEmpty()) {
            throw new IllegalArgumentException("column \"" + column + "\" needs at least one class");
        }
        classes.put(column, indices);
        return self();
    }

    /** Sets the names of the classes in a column, as {@link #classes(String, List)}. */
    public O classes(String column, String... names) {
        return classes(column, List.of(names));
    }

    /** What the options say, which a change of the options no longer changes. */
    record Settings(Set<String> columns, Map<String, Double> missing, Map<String, Map<String, Integer>> classes) {

        /** Returns whether a column is to be kept. */
        boolean keeps(String column) {
            return columns.isEmpty() || columns.contains(column);
        }

        /** @throws TorchException if a column that is to be kept is not among those of the file */
        void requireColumns(Path path, Collection<String> names) {
            for (String column : columns) {
                if (!names.contains(column)) {
                    throw new TorchException(path + ": there is no column \"" + column + "\" among " + names
                            + Nearest.hint(column, names));
                }
            }
        }
    }

    Settings settings() {
        return new Settings(new LinkedHashSet<>(columns), Map.copyOf(missing), Map.copyOf(classes));
    }
}
