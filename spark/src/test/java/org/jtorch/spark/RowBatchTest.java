package org.jtorch.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Rows as tensors; needs no cluster. */
class RowBatchTest {

    private static final StructType SCHEMA = new StructType()
            .add("age", DataTypes.IntegerType)
            .add("wage", DataTypes.createDecimalType())
            .add("member", DataTypes.BooleanType)
            .add("marks", DataTypes.createArrayType(DataTypes.DoubleType));

    private static Row row(Object... values) {
        return new GenericRowWithSchema(values, SCHEMA);
    }

    private static final RowBatch BATCH = RowBatch.of(List.of(
            row(35, new BigDecimal("5.1"), true, List.of(0.5, 0.25)),
            row(57, new BigDecimal("4.95"), false, new double[] {1, 2})));

    @Test
    void columnsStandSideBySide() {
        Tensor floats = BATCH.floats("marks", "age", "member", "wage");
        assertEquals(DType.FLOAT32, floats.dtype());
        assertArrayEquals(new long[] {2, 5}, floats.shape());
        assertArrayEquals(new float[] {0.5f, 0.25f, 35, 1, 5.1f, 1, 2, 57, 0, 4.95f}, floats.toFloatArray());
        Tensor doubles = BATCH.doubles("wage");
        assertEquals(DType.FLOAT64, doubles.dtype());
        assertArrayEquals(new long[] {2, 1}, doubles.shape());
        assertArrayEquals(new double[] {5.1, 4.95}, doubles.toDoubleArray());
    }

    @Test
    void aFirstRowWithoutNumbersSetsTheWidthToo() {
        RowBatch batch = RowBatch.of(List.of(
                row(35, new BigDecimal("5.1"), true, List.of()),
                row(57, new BigDecimal("4.95"), false, new double[] {1, 2, 3, 4})));
        TorchException e = assertThrows(TorchException.class, () -> batch.floats("marks"));
        assertTrue(
                e.getMessage().contains("have 0 numbers in the first row of a batch, but 4 in the row"), e::getMessage);
    }

    @Test
    void labelsHaveOneDimension() {
        Tensor labels = BATCH.labels("age");
        assertEquals(DType.INT64, labels.dtype());
        assertArrayEquals(new long[] {2}, labels.shape());
        assertArrayEquals(new long[] {35, 57}, labels.toLongArray());
        assertArrayEquals(new long[] {1, 0}, BATCH.labels("member").toLongArray());
        assertError(
                "column \"wage\" is 5.1, which is not an integer. The row is [35,5.1,true,[0.5, 0.25]]",
                () -> BATCH.labels("wage"));
        assertError("column \"marks\" is not an integer", () -> BATCH.labels("marks"));
    }

    @Test
    void whatIsNoNumberIsNamed() {
        assertError(
                "there is no column \"ages\" among [age, wage, member, marks]; did you mean 'age'?",
                () -> BATCH.floats("ages"));
        RowBatch missing = RowBatch.of(List.of(row(35, null, true, List.of())));
        assertError(
                "column \"wage\" is null: remove or fill such rows first, for example with data.na().drop(). The row is [35,null,true,",
                () -> missing.floats("age", "wage"));
        RowBatch hole = RowBatch.of(List.of(row(35, null, true, Arrays.asList(1.0, null))));
        assertError("column \"marks\" has an element that is null", () -> hole.floats("marks"));
        RowBatch text = RowBatch.of(List.of(row("old", null, true, List.of("good"))));
        assertError("column \"age\" is neither a number nor an array of numbers", () -> text.floats("age"));
        assertError("column \"marks\" has an element that is not a number", () -> text.floats("marks"));
        RowBatch uneven = RowBatch.of(List.of(row(1, null, true, List.of(1.0)), row(2, null, true, List.of())));
        assertError(
                "the columns [marks] have 1 numbers in the first row of a batch, but 0 in the row [2,null",
                () -> uneven.floats("marks"));
        RowBatch nameless = RowBatch.of(List.of(RowFactory.create(1)));
        assertError("the row [1] has no names of columns", () -> nameless.floats("age"));
        assertThrows(IllegalArgumentException.class, () -> BATCH.floats());
        assertThrows(IllegalArgumentException.class, () -> RowBatch.of(List.of()));
    }

    private static void assertError(String message, Executable call) {
        TorchException error = assertThrows(TorchException.class, call);
        assertTrue(error.getMessage().startsWith(message), error.getMessage());
    }

    @Test
    void theLastBatchMayBeSmaller() {
        Iterator<RowBatch> batches = RowBatch.batches(
                List.of(row(1, null, true, null), row(2, null, true, null), row(3, null, true, null))
                        .iterator(),
                2);
        assertArrayEquals(new long[] {1, 2}, batches.next().labels("age").toLongArray());
        RowBatch last = batches.next();
        assertEquals(1, last.size());
        assertArrayEquals(new long[] {3}, last.labels("age").toLongArray());
        assertFalse(batches.hasNext());
        assertThrows(NoSuchElementException.class, batches::next);
    }
}
