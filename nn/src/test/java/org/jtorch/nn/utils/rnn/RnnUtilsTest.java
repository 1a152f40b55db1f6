package org.jtorch.nn.utils.rnn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.nn.RecordedCases;
import org.jtorch.nn.TensorTree;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Pads and packs sequences as PyTorch does. */
class RnnUtilsTest {

    private static Stream<DynamicTest> each(String function, RecordedCases.Replay replay) {
        return RecordedCases.each(RnnUtilsTest.class, "rnn.json", function, replay);
    }

    private static boolean flag(JsonNode c, String name, boolean otherwise) {
        return c.path(name).asBoolean(otherwise);
    }

    private static void check(JsonNode expected, PackedSequence packed) {
        RecordedCases.same(expected.get("data"), packed.data());
        RecordedCases.same(expected.get("batch_sizes"), packed.batchSizes());
        RecordedCases.same(expected.get("sorted_indices"), packed.sortedIndices());
        RecordedCases.same(expected.get("unsorted_indices"), packed.unsortedIndices());
    }

    private static PackedSequence packed(JsonNode node) {
        return new PackedSequence(
                RecordedCases.tensor(node.get("data")),
                RecordedCases.tensor(node.get("batch_sizes")),
                RecordedCases.optional(node.get("sorted_indices")));
    }

    @TestFactory
    Stream<DynamicTest> packPaddedSequence() {
        return each("pack_padded_sequence", c -> {
            Tensor input = RecordedCases.tensor(c.get("input"));
            if (input.isFloatingPoint()) {
                input.requiresGrad_();
            }
            boolean batchFirst = flag(c, "batch_first", false);
            boolean enforceSorted = flag(c, "enforce_sorted", true);
            JsonNode lengths = c.get("lengths");
            PackedSequence made = lengths.isArray()
                    ? RnnUtils.packPaddedSequence(input, RecordedCases.longs(lengths), batchFirst, enforceSorted)
                    : RnnUtils.packPaddedSequence(input, RecordedCases.tensor(lengths), batchFirst, enforceSorted);
            PackedSequence detached = new PackedSequence(
                    made.data().detach(), made.batchSizes(), made.sortedIndices(), made.unsortedIndices());
            check(c, detached);
            assertEquals(c.get("repr").asText(), detached.toString());
            if (c.has("grad")) {
                Tensor data = made.data();
                data.mul(Torch.arange(data.numel()).to(data.dtype()).viewAs(data))
                        .sum()
                        .backward();
                RecordedCases.same(c.get("grad"), input.grad());
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> padPackedSequence() {
        return each("pad_packed_sequence", c -> {
            PaddedSequences padded = RnnUtils.padPackedSequence(packed(c), o -> {
                o.batchFirst(flag(c, "batch_first", false));
                o.paddingValue(c.path("padding_value").asDouble(0));
                if (c.has("total_length")) {
                    o.totalLength(c.get("total_length").asLong());
                }
            });
            RecordedCases.same(c.get("sequences"), padded.sequences());
            RecordedCases.same(c.get("lengths"), padded.lengths());
        });
    }

    @TestFactory
    Stream<DynamicTest> packSequence() {
        return each("pack_sequence", c -> {
            List<Tensor> sequences = RecordedCases.tensors(c.get("sequences"));
            PackedSequence made = RnnUtils.packSequence(sequences, flag(c, "enforce_sorted", true));
            check(c, made);
            assertEquals(c.get("repr").asText(), made.toString());
        });
    }

    @TestFactory
    Stream<DynamicTest> unpackSequence() {
        return each(
                "unpack_sequence",
                c -> RecordedCases.allClose(c.get("sequences"), RnnUtils.unpackSequence(packed(c)), 0));
    }

    @TestFactory
    Stream<DynamicTest> padSequence() {
        return each(
                "pad_sequence",
                c -> RecordedCases.same(
                        c.get("padded"),
                        RnnUtils.padSequence(
                                RecordedCases.tensors(c.get("sequences")),
                                flag(c, "batch_first", false),
                                c.path("padding_value").asDouble(0),
                                c.path("padding_side").asText("right"))));
    }

    @TestFactory
    Stream<DynamicTest> unpadSequence() {
        return each("unpad_sequence", c -> {
            Tensor padded = RecordedCases.tensor(c.get("padded"));
            long[] shape = padded.shape();
            List<Tensor> sequences = RnnUtils.unpadSequence(
                    padded, RecordedCases.tensor(c.get("lengths")), flag(c, "batch_first", false));
            RecordedCases.allClose(c.get("sequences"), sequences, 0);
            assertArrayEquals(shape, padded.shape());
        });
    }

    @TestFactory
    Stream<DynamicTest> conversions() {
        Map<String, UnaryOperator<PackedSequence>> conversions = new LinkedHashMap<>();
        conversions.put("double", PackedSequence::float64);
        conversions.put("float", PackedSequence::float32);
        conversions.put("half", PackedSequence::half);
        conversions.put("long", PackedSequence::int64);
        conversions.put("int", PackedSequence::int32);
        conversions.put("short", PackedSequence::int16);
        conversions.put("char", PackedSequence::int8);
        conversions.put("byte", PackedSequence::uint8);
        conversions.put("cpu", PackedSequence::cpu);
        return each("converted", c -> {
            PackedSequence original = packed(c.get("original"));
            PackedSequence converted = conversions.get(c.get("name").asText()).apply(original);
            check(c, converted);
            assertEquals(c.get("same").asBoolean(), converted == original);
            assertEquals(c.get("repr").asText(), converted.toString());
        });
    }

    @TestFactory
    Stream<DynamicTest> invertPermutation() {
        return each(
                "invert_permutation",
                c -> RecordedCases.same(
                        c.get("inverse"), RnnUtils.invertPermutation(RecordedCases.optional(c.get("permutation")))));
    }

    @Test
    void defaultsAreTimeFirstAndSorted() {
        Tensor input = Torch.arange(6).view(3, 2); // (T, B)
        PackedSequence packed = RnnUtils.packPaddedSequence(input, new long[] {3, 1});
        assertArrayEquals(new long[] {0, 1, 2, 4}, packed.data().toLongArray());
        assertTrue(RnnUtils.packPaddedSequence(input.t().contiguous(), Torch.tensor(new long[] {3, 1}), true)
                .data()
                .equal(packed.data()));
        assertArrayEquals(
                new long[] {3, 2},
                RnnUtils.padPackedSequence(packed).sequences().shape());
        assertFalse(packed.isCuda());
    }

    @Test
    void noSequenceIsLongerThanThePaddedOnes() {
        Tensor input = Torch.arange(6).view(3, 2);
        assertEquals(
                "a sequence has length 4, but the padded sequences have only 3 steps",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> RnnUtils.packPaddedSequence(input, new long[] {4, 1}))
                        .getMessage());
    }

    @Test
    void aTensorsRowsAreSequences() {
        Tensor rows = Torch.arange(6).view(2, 3);
        assertTrue(RnnUtils.padSequence(rows.unbind()).equal(rows.t()));
    }

    @Test
    void whatIsMadeOutlivesTheInnerScopeAndNothingElseDoes() {
        try (TensorScope scope = new TensorScope()) {
            PackedSequence packed = RnnUtils.packSequence(List.of(Torch.ones(1), Torch.ones(3), Torch.ones(2)), false);
            List<Tensor> found = new ArrayList<>();
            TensorTree.forEach(packed, found::add);
            assertEquals(4, found.size());
            found.forEach(tensor -> assertFalse(tensor.isClosed()));
            assertEquals(3, RnnUtils.unpackSequence(packed).size());
        }
    }

    @Test
    void indicesMoveAndBatchSizesStay() {
        PackedSequence packed = RnnUtils.packSequence(List.of(Torch.ones(1), Torch.ones(3)), false);
        PackedSequence meta = packed.to(Device.META);
        assertEquals(Device.META, meta.data().device());
        assertNotNull(meta.sortedIndices());
        assertNotNull(meta.unsortedIndices());
        assertEquals(Device.META, meta.sortedIndices().device());
        assertEquals(Device.META, meta.unsortedIndices().device());
        assertSame(packed.batchSizes(), meta.batchSizes());
        assertSame(packed, packed.to(Device.CPU, DType.FLOAT32));
        assertEquals(
                DType.FLOAT64,
                packed.to(Torch.ones(new long[] {1}, DType.FLOAT64)).data().dtype());
    }

    @Test
    void batchSizesBelongOnTheProcessor() {
        Tensor meta = Torch.ones(new long[] {1}, TensorOptions.of(Device.META));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new PackedSequence(Torch.ones(1), meta))
                .getMessage()
                .startsWith("batch_sizes should always be on CPU. Instances of PackedSequence should never be created"
                        + " manually."));
    }
}
