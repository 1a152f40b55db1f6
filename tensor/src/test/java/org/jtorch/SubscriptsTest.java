package org.jtorch;

import static org.jtorch.TensorIndex.at;
import static org.jtorch.TensorIndex.bool;
import static org.jtorch.TensorIndex.ellipsis;
import static org.jtorch.TensorIndex.list;
import static org.jtorch.TensorIndex.newAxis;
import static org.jtorch.TensorIndex.none;
import static org.jtorch.TensorIndex.slice;
import static org.jtorch.TensorIndex.tensor;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Compares with Python's brackets; {@code parity/record/tensor_index.py} recorded them. */
class SubscriptsTest {

    @TestFactory
    List<DynamicTest> indexesAsPython() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        try (InputStream in = SubscriptsTest.class.getResourceAsStream("index.json")) {
            JsonNode root = new ObjectMapper().readTree(in);
            for (JsonNode node : root.get("cases")) {
                JsonNode x = root.get("tensors").get(node.get("x").asText());
                String name = tests.size() + " " + node.get("x").asText() + node.get("index")
                        + (node.has("value") ? " =" : "");
                tests.add(DynamicTest.dynamicTest(name, () -> {
                    if (node.has("value")) {
                        put(Plain.read(x), node);
                    } else {
                        get(Plain.read(x), node);
                    }
                }));
            }
        }
        assertTrue(tests.size() >= 110, "cases: " + tests.size());
        return tests;
    }

    private static void get(Tensor x, JsonNode node) {
        TensorIndex[] indices = indices(node);
        if (node.has("error")) {
            var e = assertThrows(TorchException.class, () -> x.index(indices));
            assertEquals(node.get("error").asText(), e.getMessage());
            return;
        }
        Tensor y = x.index(indices);
        Plain.assertSame(node.get("result"), y);
        assertArrayEquals(Plain.longs(node.get("stride")), y.strides());
        if (node.get("view").asBoolean() && x.numel() > 0) {
            assertTrue(y.isAliasOf(x), "a view");
        } else if (y.numel() > 0) {
            assertTrue(!y.isAliasOf(x), "a copy");
        }
        assertTrue(!x.isClosed());
    }

    private static void put(Tensor x, JsonNode node) {
        TensorIndex[] indices = indices(node);
        JsonNode value = node.get("value");
        boolean accumulate = node.get("accumulate").asBoolean();
        if (node.has("error")) {
            var e = assertThrows(TorchException.class, () -> put(x, value, accumulate, indices));
            assertEquals(node.get("error").asText(), e.getMessage());
            return;
        }
        assertEquals(x, put(x, value, accumulate, indices));
        Plain.assertSame(node.get("result"), x);
    }

    private static Tensor put(Tensor x, JsonNode value, boolean accumulate, TensorIndex[] indices) {
        if (value.isNumber()) {
            Number number = value.numberValue();
            return accumulate ? x.indexPut_(number, true, indices) : x.indexPut_(number, indices);
        }
        Tensor tensor = Plain.read(value);
        Tensor result = accumulate ? x.indexPut_(tensor, true, indices) : x.indexPut_(tensor, indices);
        assertTrue(!tensor.isClosed());
        return result;
    }

    private static TensorIndex[] indices(JsonNode node) {
        List<TensorIndex> indices = new ArrayList<>();
        for (JsonNode index : node.get("index")) {
            if (index.has("at")) {
                indices.add(at(index.get("at").asLong()));
            } else if (index.has("slice")) {
                JsonNode ends = index.get("slice");
                long step = ends.get(2).isNull() ? 1 : ends.get(2).asLong();
                indices.add(slice(
                        ends.get(0).isNull() ? null : ends.get(0).numberValue(),
                        ends.get(1).isNull() ? null : ends.get(1).numberValue(),
                        step));
            } else if (index.has("ellipsis")) {
                indices.add(ellipsis());
            } else if (index.has("none")) {
                indices.add(none());
            } else if (index.has("bool")) {
                indices.add(bool(index.get("bool").asBoolean()));
            } else {
                indices.add(tensor(Plain.read(index.get("tensor"))));
            }
        }
        return indices.toArray(TensorIndex[]::new);
    }

    @Test
    void readsLikePython() {
        Tensor x = Torch.arange(24).reshape(2, 3, 4);
        assertArrayEquals(new long[] {4, 5, 6, 7}, x.index(at(0), at(1)).toLongArray());
        assertArrayEquals(new long[] {2, 1, 4}, x.index(slice(), slice(2)).shape());
        assertArrayEquals(
                new long[] {0, 2}, x.index(at(0), at(0), slice(null, null, 2)).toLongArray());
        assertArrayEquals(
                new long[] {1, 3}, x.index(at(0), at(0), slice(1, 4, 2)).toLongArray());
        assertArrayEquals(
                new long[] {0, 1}, x.index(at(0), at(0), slice(null, -2)).toLongArray());
        assertArrayEquals(
                new long[] {2, 3, 1, 4}, x.index(ellipsis(), newAxis(), slice()).shape());
        assertArrayEquals(new long[] {3, 0}, x.index(at(0), at(0), list(3, 0)).toLongArray());
        assertThrows(IllegalArgumentException.class, () -> slice(0, 3, 0));
        assertThrows(IllegalArgumentException.class, () -> slice(null, null, -1));
    }

    @Test
    void outOfPlaceLeavesTheTensorAlone() {
        Tensor x = Torch.zeros(3);
        assertArrayEquals(new float[] {0, 5, 0}, x.indexPut(5, at(1)).toFloatArray());
        assertArrayEquals(
                new float[] {1, 2, 0},
                x.indexPut(Torch.tensor(new float[] {1, 2}), slice(0, 2)).toFloatArray());
        assertArrayEquals(
                new float[] {2, 0, 0},
                x.indexPut(Torch.tensor(1.0), true, list(0, 0)).toFloatArray());
        assertArrayEquals(new float[3], x.toFloatArray());
    }

    @Test
    void accumulatesIntoViewsToo() {
        Tensor x = Torch.ones(3);
        x.indexPut_(2, true, slice(0, 2));
        x.indexPut_(Torch.tensor(new float[] {1}), true, at(2));
        assertArrayEquals(new float[] {3, 3, 2}, x.toFloatArray());
    }

    @Test
    void gradientsFlow() {
        Tensor x = Torch.ones(2, 3).requiresGrad_();
        x.index(at(0), slice(1, 3))
                .sum()
                .add(x.index(list(1, 1), list(0, 0)).sum())
                .backward();
        assertArrayEquals(new float[] {0, 1, 1, 2, 0, 0}, x.grad().toFloatArray());
    }

    @Test
    void recordersSeeTheOps() {
        List<String> ops = new ArrayList<>();
        Tensor x = Torch.arange(12).reshape(3, 4);
        Tensor mask = x.index(at(0)).gt(1);
        List<Object> results = new ArrayList<>();
        try (var recorder = OpRecorder.start(op -> {
            ops.add(op.operator());
            results.add(op.result());
        })) {
            Tensor y = x.index(none(), at(-1), tensor(mask));
            assertSame(y, results.get(2));
            x.indexPut_(0, tensor(mask.unsqueeze(0).expand(3, 4)));
        }
        assertEquals(
                List.of(
                        "aten::unsqueeze",
                        "aten::select",
                        "aten::index",
                        "aten::unsqueeze",
                        "aten::expand",
                        "aten::index_put_"),
                ops);
    }

    @Test
    void intermediateViewsAreFreed() {
        Tensor x = Torch.zeros(4, 4, 4);
        try (var scope = new TensorScope()) {
            Tensor y = x.index(at(0), at(1), at(2));
            assertEquals(0, y.item());
        }
        assertTrue(!x.isClosed());
    }
}
