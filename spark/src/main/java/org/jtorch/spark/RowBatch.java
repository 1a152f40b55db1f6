package org.jtorch.spark;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.internal.text.Nearest;

/**
 * Some of Spark's rows, whose columns are read as tensors. The rows need a schema, as those of a {@code Dataset} have.
 *
 * <p>A column holds numbers, booleans, which count as 1 and 0, or arrays of them. Every method that returns values throws a {@link
 * TorchException} with the column and the row if there is no such column, if a value is null, or if it is not of the type asked for.
 */
public final class RowBatch {

    /** How much of a row is shown in an error. */
    private static final int SHOWN = 200;

    private final List<Row> rows;

    private RowBatch(List<Row> rows) {
        this.rows = rows;
    }

    /**
     * Returns rows as a batch.
     *
     * @throws IllegalArgumentException if there is no row
     */
    public static RowBatch of(List<Row> rows) {
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("a batch needs at least one row");
        }
        return new RowBatch(List.copyOf(rows));
    }

    /**
     * Returns rows in batches, which are read when they are asked for.
     *
     * @param batchSize the number of rows in a batch; the last one may have fewer
     */
    public static Iterator<RowBatch> batches(Iterator<Row> rows, int batchSize) {
        checkSize(batchSize);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public RowBatch next() {
                if (!rows.hasNext()) {
                    throw new NoSuchElementException();
                }
                List<Row> batch = new ArrayList<>();
                while (batch.size() < batchSize && rows.hasNext()) {
                    batch.add(rows.next());
                }
                return new RowBatch(batch);
            }
        };
    }

    static void checkSize(int batchSize) {
        if (batchSize < 1) {
            throw new IllegalArgumentException("a batch must have at least one row, not " + batchSize);
        }
    }

    /** Returns the number of rows. */
    public int size() {
        return rows.size();
    }

    /** Returns the rows. */
    public List<Row> rows() {
        return rows;
    }

    /**
     * Returns the numbers of some columns as float32, of shape (rows, numbers). A column of arrays adds all of their elements.
     *
     * @param columns at least one name
     */
    public Tensor floats(String... columns) {
        Numbers numbers = numbers(columns);
        float[] values = new float[numbers.size];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) numbers.values[i];
        }
        return Torch.tensor(values).view(rows.size(), -1);
    }

    /** Returns the numbers of some columns as float64, of shape (rows, numbers), as {@link #floats}. */
    public Tensor doubles(String... columns) {
        Numbers numbers = numbers(columns);
        return Torch.tensor(Arrays.copyOf(numbers.values, numbers.size)).view(rows.size(), -1);
    }

    /**
     * Returns the integers of a column as int64, of shape (rows), as the targets of {@code CrossEntropyLoss} and the indices of an {@code
     * Embedding} are. A number such as 3.0 is an integer as well.
     */
    public Tensor labels(String column) {
        long[] values = new long[rows.size()];
        for (int i = 0; i < values.length; i++) {
            Row row = rows.get(i);
            values[i] = integer(column, row, value(column, row));
        }
        return Torch.tensor(values);
    }

    // --- values ------------------------------------------------------------------------------------------------

    private Numbers numbers(String... columns) {
        if (columns.length == 0) {
            throw new IllegalArgumentException("name at least one column");
        }
        Numbers numbers = new Numbers(rows.size() * columns.length);
        int width = -1; // that of the first row
        for (Row row : rows) {
            int before = numbers.size;
            for (String column : columns) {
                add(numbers, column, row);
            }
            int own = numbers.size - before;
            if (width < 0) {
                width = own;
            } else if (own != width) {
                throw new TorchException("the columns " + List.of(columns) + " have " + width
                        + " numbers in the first row of a batch, but " + own + " in the row " + shown(row)
                        + ": make the arrays equally long first");
            }
        }
        return numbers;
    }

    private static void add(Numbers numbers, String column, Row row) {
        Object value = value(column, row);
        if (value instanceof Number || value instanceof Boolean) {
            numbers.add(number(column, row, value));
        } else if (value instanceof List<?> list) {
            list.forEach(element -> numbers.add(number(column, row, element)));
        } else if (value.getClass().isArray()) {
            for (int i = 0; i < Array.getLength(value); i++) {
                numbers.add(number(column, row, Array.get(value, i)));
            }
        } else {
            for (Object element : sequence(column, row)) {
                numbers.add(number(column, row, element));
            }
        }
    }

    /** Returns the elements of one of Scala's sequences, as which Spark holds arrays. */
    private static List<?> sequence(String column, Row row) {
        try {
            return row.getList(row.fieldIndex(column));
        } catch (ClassCastException e) {
            throw failure(column, row, "is neither a number nor an array of numbers");
        }
    }

    private static Object value(String column, Row row) {
        if (row.schema() == null) {
            throw new TorchException(
                    "the row " + shown(row) + " has no names of columns: take the rows from a Dataset");
        }
        List<String> names = List.of(row.schema().fieldNames());
        int index = names.indexOf(column);
        if (index < 0) {
            throw new TorchException(
                    "there is no column \"" + column + "\" among " + names + Nearest.hint(column, names));
        }
        Object value = row.get(index);
        if (value == null) {
            throw failure(column, row, "is null: remove or fill such rows first, for example with data.na().drop()");
        }
        return value;
    }

    private static double number(String column, Row row, @Nullable Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        if (value instanceof Boolean flag) {
            return flag ? 1 : 0;
        }
        throw failure(
                column,
                row,
                value == null
                        ? "has an element that is null: remove or fill such rows first"
                        : "has an element that is not a number");
    }

    private static long integer(String column, Row row, Object value) {
        if (!(value instanceof Number) && !(value instanceof Boolean)) {
            throw failure(column, row, "is not an integer");
        }
        double number = number(column, row, value);
        if (value instanceof Long exact) {
            return exact;
        }
        if (number != Math.rint(number) || Math.abs(number) > 1L << 53) {
            throw failure(column, row, "is " + value + ", which is not an integer");
        }
        return (long) number;
    }

    private static TorchException failure(String column, Row row, String what) {
        return new TorchException("column \"" + column + "\" " + what + ". The row is " + shown(row));
    }

    private static String shown(Row row) {
        String text = row.toString();
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
    }

    /** A growing array. */
    private static final class Numbers {
        private double[] values;
        private int size;

        Numbers(int capacity) {
            values = new double[capacity];
        }

        void add(double value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size + 1);
            }
            values[size++] = value;
        }
    }
}
