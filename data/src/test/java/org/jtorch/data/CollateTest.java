package org.jtorch.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.junit.jupiter.api.Test;

/** What Java's own values become in a batch, and what is said about those that cannot be collated. */
class CollateTest {

    record Box(Tensor corners, String name) {}

    record Example(Tensor image, Box box, int label) {}

    record BoxBatch(Tensor corners, List<String> name) {}

    record Batch(Tensor image, BoxBatch box, Tensor label) {}

    record Pair<A, B>(A first, B second) {}

    private static Tensor one(Object... examples) {
        return Collate.into(Tensor.class, List.of(examples));
    }

    @Test
    void numbersAndArrays() {
        assertEquals(DType.INT64, one((byte) 1, (byte) 2).dtype());
        assertEquals(DType.INT64, one(1, 2L).dtype());
        assertEquals(DType.FLOAT32, one(1f, 2f).dtype());
        assertEquals(DType.FLOAT64, one(1.0, 2.0).dtype());
        assertEquals(DType.BOOL, one(true).dtype());
        Tensor arrays = one(new float[] {1, 2}, new float[] {3, 4});
        assertArrayEquals(new long[] {2, 2}, arrays.shape());
        assertEquals(DType.FLOAT32, arrays.dtype());
        assertEquals(DType.INT32, one((Object) new int[][] {{1, 2}}).dtype());
    }

    @Test
    void nestedRecords() {
        List<Example> examples = List.of(
                new Example(Torch.ones(2), new Box(Torch.zeros(4), "a"), 3),
                new Example(Torch.ones(2), new Box(Torch.zeros(4), "b"), 4));
        Batch batch = Collate.into(Batch.class, examples);
        assertArrayEquals(new long[] {2, 4}, batch.box().corners().shape());
        assertEquals(List.of("a", "b"), batch.box().name());
        assertArrayEquals(new long[] {3, 4}, batch.label().toLongArray());
    }

    @Test
    void aRecordOfListsAndMaps() {
        List<Map<String, Object>> maps = List.of(Map.of("first", 1, "second", Torch.ones(1)));
        Pair<?, ?> pair = Collate.into(Pair.class, maps);
        assertArrayEquals(new long[] {1}, ((Tensor) pair.first()).toLongArray());
        Pair<?, ?> ofList = Collate.into(Pair.class, List.of(List.of(1, 2.0), List.of(3, 4.0)));
        assertArrayEquals(new double[] {2, 4}, ((Tensor) ofList.second()).toDoubleArray());
    }

    private static void refused(String message, Class<?> type, Object... examples) {
        String text = assertThrows(
                        IllegalArgumentException.class, () -> Collate.into(type, java.util.Arrays.asList(examples)))
                .getMessage();
        assertTrue(text.contains(message), text);
    }

    @Test
    void errorsNameThePlace() {
        Tensor three = Torch.ones(3);
        Tensor four = Torch.ones(4);
        refused(
                "got [3] at entry 0 and [4] at entry 1, at .first[1]",
                Pair.class,
                new Pair<>(List.of(1, three), 1),
                new Pair<>(List.of(1, four), 1));
        refused("found java.time.LocalDate at .second", Pair.class, new Pair<>(1, LocalDate.EPOCH));
        refused("found java.util.Optional", Tensor.class, Optional.of(three));
        refused("found null at .first", Pair.class, new Pair<>(null, 1));
        refused("example 1 is null", Tensor.class, 1, null);
        refused(
                "example 0 of the batch has type Tensor at [0], but example 1 is of type String",
                List.class,
                List.of(three),
                List.of("x"));
        refused("different types: Integer and Double", Tensor.class, 1, 2.0);
        refused("has no dtype", Tensor.class, java.math.BigInteger.ONE);
        refused(
                "each element in list of batch should be of equal size at .x: example 0 has 1 elements, and example 1 has 2",
                Map.class,
                Map.of("x", List.of(1)),
                Map.of("x", List.of(1, 2)));
        refused("different keys", Map.class, Map.of("x", 1), Map.of("y", 1));
        refused("has a component image", Batch.class, new Pair<>(1, 2), new Pair<>(1, 2));
        refused("has 2 components, but the examples have 3 parts", Pair.class, List.of(1, 2, 3));
        refused("the type of the batch is ArrayList, not Tensor", Tensor.class, List.of(1, 2));
        refused("sparse tensors are not currently supported", Tensor.class, three.toSparse());
        refused("there is no example", Tensor.class);
    }
}
