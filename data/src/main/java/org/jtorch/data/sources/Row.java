package org.jtorch.data.sources;

import java.util.List;
import org.jtorch.Tensor;
import org.jtorch.TorchException;

/**
 * A row of a CSV file, a file of JSON lines or a Parquet file, whose values are read by the names of their columns.
 *
 * <p>Every method that returns a value throws a {@link TorchException} with the file, the line or row, the column and the
 * value if there is no such column, if the value is missing, or if it is not of the type asked for.
 *
 * <p>A missing value is an empty cell of a CSV file, {@code null} or an absent field in JSON lines, and {@code NULL} in
 * Parquet. {@link #isNull} tests for it, and {@link RowOptions#missing(String, double)} gives a number for it.
 *
 * <p>A number may be written as text, as every number of a CSV file is. The texts are those of Python's {@code float},
 * without underscores: {@code nan}, {@code inf} and {@code -inf} are numbers too. The booleans of JSON lines and Parquet
 * count as 1 and 0.
 */
public interface Row {

    /** Returns the names of the columns, in the order of the file. */
    List<String> names();

    /** Returns whether the row has a column of this name. Its value may be missing. */
    boolean has(String column);

    /**
     * Returns whether a value is missing. A number that the options give for missing values does not change the answer.
     *
     * @throws TorchException if there is no such column. In JSON lines, the value of an absent field is missing
     */
    boolean isNull(String column);

    /** Returns a value as text. A list or an object in JSON lines is returned as JSON. */
    String getString(String column);

    /** Returns a value as a {@code double}. */
    double getDouble(String column);

    /** Returns a value as a {@code float}: the nearest to the {@code double}. */
    float getFloat(String column);

    /** Returns a value as a {@code long}. A number such as {@code 3.0} is an integer as well. */
    long getLong(String column);

    /** Returns a value as an {@code int}. A number such as {@code 3.0} is an integer as well. */
    int getInt(String column);

    /** Returns a value as a {@code boolean}: {@code true}, {@code false}, 1 or 0. Capital letters make no difference. */
    boolean getBoolean(String column);

    /** Returns the bytes of a value in a binary column of Parquet. */
    byte[] getBytes(String column);

    /**
     * Returns the numbers of some columns as a float32 vector. A column that holds a list of numbers adds all of them.
     *
     * @param columns at least one name
     */
    Tensor floats(String... columns);

    /** Returns the numbers of some columns as a float64 vector, as {@link #floats}. */
    Tensor doubles(String... columns);

    /** Returns the integers of some columns as an int64 vector, as {@link #floats}. */
    Tensor longs(String... columns);

    /**
     * Returns the index of a value's class among the names that {@link RowOptions#classes} gave for the column.
     *
     * @throws TorchException if the value is none of these names
     * @throws IllegalStateException if no names were given for the column
     */
    int classIndex(String column);

    /**
     * Returns {@link #classIndex} as an int64 tensor without dimensions, which collates to the targets of {@code
     * CrossEntropyLoss}.
     */
    Tensor label(String column);
}
