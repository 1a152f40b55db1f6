package org.jtorch.data.sources;

import java.util.List;
import java.util.Objects;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.data.Dataset;

/**
 * A file of rows, each of which a {@link RowMapper} makes into an example whenever it is asked for.
 *
 * <p>The rows are in memory as bytes and numbers, not as objects, and are never changed. Several threads may read them at
 * the same time.
 *
 * @param <T> the type of an example
 */
public abstract sealed class RowDataset<T> implements Dataset<T> permits CsvDataset, JsonLinesDataset, ParquetDataset {

    private final RowMapper<T> mapper;
    private final RowOptions.Settings settings;

    RowDataset(RowMapper<T> mapper, RowOptions.Settings settings) {
        this.mapper = Objects.requireNonNull(mapper, "mapper");
        this.settings = settings;
    }

    abstract Fields fields(int index);

    /** Returns the names of the columns, in the order of the file. */
    public abstract List<String> columns();

    /**
     * Returns a row.
     *
     * @throws IndexOutOfBoundsException if there is no such row
     */
    public final Row row(int index) {
        return new TypedRow(fields(Objects.checkIndex(index, size())), settings);
    }

    /**
     * Returns the example that the mapper makes of the row at {@code index}.
     *
     * @throws IndexOutOfBoundsException if there is no such row
     * @throws org.jtorch.TorchException if the row has not what the mapper asks it for
     * @throws Exception if the mapper throws it
     */
    @Override
    public final T get(int index) throws Exception {
        return mapper.map(row(index));
    }

    /**
     * Returns the numbers of some columns in all rows, for example to compute their mean.
     *
     * @return float32, of shape (rows, columns)
     * @throws org.jtorch.TorchException if a column does not exist or a value is not a number
     */
    public final Tensor floats(String... columns) {
        if (columns.length == 0) {
            throw new IllegalArgumentException("name at least one column");
        }
        float[] values = new float[Math.multiplyExact(size(), columns.length)];
        int next = 0;
        for (int i = 0; i < size(); i++) {
            Row row = row(i);
            for (String column : columns) {
                values[next++] = row.getFloat(column);
            }
        }
        return Torch.tensor(values, size(), columns.length);
    }

    /**
     * Returns the class indices of a column in all rows, as {@link Row#classIndex}.
     *
     * @return int64, of shape (rows)
     * @throws org.jtorch.TorchException if a value is none of the classes
     */
    public final Tensor labels(String column) {
        long[] values = new long[size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = row(i).classIndex(column);
        }
        return Torch.tensor(values);
    }
}
