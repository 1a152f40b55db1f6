package org.jtorch.spark;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.jtorch.DType;
import org.jtorch.Tensor;

/** Tensors as the values of a column of Spark, one for each row: a number, or an array of numbers. */
final class ColumnValues {

    private static final Set<DataType> NUMBERS =
            Set.of(DataTypes.FloatType, DataTypes.DoubleType, DataTypes.IntegerType, DataTypes.LongType);

    private ColumnValues() {}

    static void check(DataType type) {
        DataType number = type instanceof ArrayType array ? array.elementType() : type;
        if (!NUMBERS.contains(number)) {
            throw new IllegalArgumentException("a model's output can be a column of "
                    + NUMBERS.stream().map(DataType::simpleString).sorted().collect(Collectors.joining(", "))
                    + ", or of arrays of these, not of " + type.simpleString());
        }
    }

    /**
     * Returns the values.
     *
     * @param tensor (rows) or (rows, 1) for numbers, and (rows, ...) for arrays
     */
    static Object[] of(Tensor tensor, DataType type, int rows) {
        long[] shape = tensor.shape();
        boolean isArray = type instanceof ArrayType;
        if (shape.length == 0 || shape[0] != rows || (!isArray && tensor.numel() != rows)) {
            throw new IllegalArgumentException("the output for " + rows + " rows has the shape "
                    + Arrays.toString(shape) + ", but a column of " + type.simpleString() + " needs ["
                    + rows + (isArray ? ", numbers]" : "]")
                    + ": set output(type, function) on the options of SparkModel");
        }
        if (!(type instanceof ArrayType array)) {
            return numbers(tensor, type);
        }
        Object[] all = numbers(tensor, array.elementType());
        int width = all.length / rows;
        Object[] values = new Object[rows];
        for (int i = 0; i < rows; i++) {
            // Spark takes arrays of objects only
            values[i] = Arrays.copyOfRange(all, i * width, (i + 1) * width);
        }
        return values;
    }

    private static Object[] numbers(Tensor tensor, DataType type) {
        if (type.equals(DataTypes.FloatType)) {
            float[] values = tensor.to(DType.FLOAT32).toFloatArray();
            Float[] numbers = new Float[values.length];
            Arrays.setAll(numbers, i -> values[i]);
            return numbers;
        }
        if (type.equals(DataTypes.DoubleType)) {
            return Arrays.stream(tensor.to(DType.FLOAT64).toDoubleArray())
                    .boxed()
                    .toArray(Double[]::new);
        }
        if (type.equals(DataTypes.LongType)) {
            return Arrays.stream(tensor.to(DType.INT64).toLongArray()).boxed().toArray(Long[]::new);
        }
        return Arrays.stream(tensor.to(DType.INT32).toIntArray()).boxed().toArray(Integer[]::new);
    }
}
