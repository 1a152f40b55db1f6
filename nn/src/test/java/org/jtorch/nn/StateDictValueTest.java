package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.state.StateDict;
import org.jtorch.nn.state.StateDictDiff;
import org.jtorch.nn.state.StateDictException;
import org.junit.jupiter.api.Test;

/** A state dict as a value: a map of tensors with other entries between them, other keys, differences. */
class StateDictValueTest {

    private static StateDict sample() {
        StateDict d = new StateDict();
        d.put("a.weight", Torch.ones(2, 3));
        d.putEntry("a._extra_state", "text");
        d.put("b.weight", Torch.ones(1));
        d.metadata().put("", Map.of("version", 1L));
        d.metadata().put("a", Map.of("version", 2L));
        d.metadata().put("a.b", Map.of("version", 3L));
        return d;
    }

    @Test
    void asAMapItIsTheTensors() {
        StateDict d = sample();
        assertEquals(2, d.size());
        assertEquals(List.of("a.weight", "b.weight"), List.copyOf(d.keySet()));
        assertEquals(
                List.of("a.weight", "a._extra_state", "b.weight"),
                List.copyOf(d.entries().keySet()));
        assertNull(d.get("a._extra_state"));
        assertFalse(d.containsKey("a._extra_state"));
        assertEquals("text", d.entries().get("a._extra_state"));
        assertThrows(UnsupportedOperationException.class, () -> d.entries().remove("a.weight"));
    }

    @Test
    void theCountFollowsEveryChange() {
        StateDict d = sample();
        d.putEntry("a._extra_state", Torch.ones(1));
        assertEquals(3, d.size());
        d.putEntry("a._extra_state", null);
        assertEquals(2, d.size());
        d.putEntry("a._extra_state", null);
        assertEquals(2, d.size());
        assertNull(d.remove("a._extra_state"));
        assertEquals(2, d.size());
        assertNull(d.remove("nothing"));
        assertEquals(2, d.size());
        d.putEntry("b.weight", 3);
        assertEquals(1, d.size());
        d.remove("b.weight");
        assertEquals(1, d.entries().size());
        d.clear();
        assertTrue(d.isEmpty() && d.entries().isEmpty());
    }

    @Test
    void keysAndEntriesAreViews() {
        StateDict d = sample();
        assertTrue(d.keySet().remove("a.weight"));
        assertFalse(d.keySet().remove("a._extra_state"), "it is no key of the map");
        Tensor three = Torch.full(new long[] {1}, 3);
        d.entrySet().iterator().next().setValue(three);
        assertSame(three, d.get("b.weight"));
        Iterator<String> keys = d.keySet().iterator();
        assertThrows(IllegalStateException.class, keys::remove);
        assertEquals("b.weight", keys.next());
        keys.remove();
        assertTrue(d.isEmpty());
        assertEquals(List.of("a._extra_state"), List.copyOf(d.entries().keySet()));
    }

    @Test
    void aCopyHasEverythingAndIsApart() {
        StateDict d = sample();
        StateDict copy = new StateDict(d);
        assertEquals(d.entries(), copy.entries());
        assertEquals(d.metadata(), copy.metadata());
        copy.metadata().get("a").put("version", 9L);
        assertEquals(2L, d.metadata().get("a").get("version"));
    }

    @Test
    void renaming() {
        StateDict d = sample().rename("a.", "encoder.");
        assertEquals(
                List.of("encoder.weight", "encoder._extra_state", "b.weight"),
                List.copyOf(d.entries().keySet()));
        assertEquals(
                List.of("", "encoder", "encoder.b"), List.copyOf(d.metadata().keySet()));
        assertEquals(
                List.of("a.weight", "b.w"),
                List.copyOf(sample().rename("b.weight", "b.w").keySet()));
        assertEquals(
                List.of("a.W", "b.W"),
                List.copyOf(sample().rename(k -> k.replace("weight", "W")).keySet()));
        assertEquals("no key begins with \"c.\"", message(() -> sample().rename("c.", "d.")));
        assertEquals("there is no key \"c\"", message(() -> sample().rename("c", "d")));
        assertEquals(
                "the keys \"a.weight\" and \"b.weight\" would both become \"b.weight\": filter one of them out first",
                message(() -> sample().rename("a.weight", "b.weight")));
    }

    private static String message(Runnable code) {
        return assertThrows(IllegalArgumentException.class, code::run).getMessage();
    }

    @Test
    void prefixesAndFilter() {
        StateDict d = sample().addPrefix("m.");
        assertEquals(List.of("m.a.weight", "m.b.weight"), List.copyOf(d.keySet()));
        assertEquals(List.of("m", "m.a", "m.a.b"), List.copyOf(d.metadata().keySet()));
        StateDict back = d.stripPrefix("m.");
        assertEquals(sample().entries().keySet(), back.entries().keySet());
        assertEquals(sample().metadata(), back.metadata());
        StateDict a = sample().filter(key -> key.startsWith("a."));
        assertEquals(
                List.of("a.weight", "a._extra_state"), List.copyOf(a.entries().keySet()));
        assertEquals(sample().metadata(), a.metadata());
        assertTrue(new Linear(2, 2)
                .loadStateDict(
                        new Linear(2, 2).stateDict("module.model.", false).stripPrefix("module.model."))
                .isEmpty());
    }

    /**
     * The tensors are larger than a piece. Rows are split, even a single row, and the greatest difference is found at any
     * position.
     */
    @Test
    void diffOfLargeTensors() {
        for (long[] shape : new long[][] {{3_000_000}, {3, 1_500_000}, {2_000_000, 2}, {2, 3, 400_000}}) {
            StateDict left = new StateDict();
            StateDict right = new StateDict();
            left.put("w", Torch.zeros(shape));
            Tensor other = Torch.zeros(shape);
            right.put("w", other);
            assertTrue(left.diff(right).isEmpty());
            long numel = other.numel();
            other.view(-1).select(0, numel - 1).fill_(2);
            other.view(-1).select(0, 5).fill_(-1);
            assertEquals(2, left.diff(right).rows().get(0).maxDifference());
            other.view(-1).select(0, numel / 2).fill_(Double.NaN);
            assertTrue(Double.isNaN(left.diff(right).rows().get(0).maxDifference()));
        }
    }

    @Test
    void diffOfSparseTensors() {
        Tensor coo =
                Torch.tensor(new float[] {0, 1, 2, 0, 0, Float.NaN}).view(2, 3).toSparse();
        Tensor csr = Torch.sparseCsrTensor(
                Torch.tensor(new long[] {0, 2, 3}),
                Torch.tensor(new long[] {1, 2, 2}),
                Torch.tensor(new float[] {1, 2, 5}),
                new long[] {2, 3});
        StateDict left = new StateDict();
        StateDict right = new StateDict();
        left.put("same", coo);
        right.put("same", coo.clone());
        left.put("values", csr);
        right.put("values", csr.mul(2));
        left.put("places", Torch.eye(3).toSparse());
        right.put("places", Torch.eye(3).flip(0).mul(4).toSparse());
        StateDictDiff diff = left.diff(right);
        assertEquals(1, diff.same());
        assertEquals(5, diff.rows().get(0).maxDifference());
        assertEquals(4, diff.rows().get(1).maxDifference());
    }

    @Test
    void differences() {
        StateDict left = new StateDict();
        StateDict right = new StateDict();
        left.put("same", Torch.full(new long[] {2}, Double.NaN));
        right.put("same", Torch.full(new long[] {2}, Double.NaN));
        left.put("value", Torch.tensor(new double[] {1, 2, Double.POSITIVE_INFINITY}));
        right.put("value", Torch.tensor(new double[] {1, 2.5, Double.POSITIVE_INFINITY}));
        left.put("shape", Torch.ones(2, 3));
        right.put("shape", Torch.ones(3, 2));
        left.put("dtype", Torch.ones(2));
        right.put("dtype", Torch.ones(new long[] {2}, TensorOptions.of(DType.INT64)));
        left.put("gone", Torch.ones(new long[0]));
        right.put("new", Torch.ones(1));
        left.putEntry("x._extra_state", Map.of("a", 1));
        right.putEntry("x._extra_state", Map.of("a", 2));
        left.putEntry("y._extra_state", "equal");
        right.putEntry("y._extra_state", "equal");
        StateDictDiff diff = left.diff(right);
        assertEquals(2, diff.same());
        Map<String, StateDictDiff.Kind> kinds = new LinkedHashMap<>();
        diff.rows().forEach(row -> kinds.put(row.key(), row.kind()));
        assertEquals(
                Map.of(
                        "value", StateDictDiff.Kind.VALUE,
                        "shape", StateDictDiff.Kind.SHAPE,
                        "dtype", StateDictDiff.Kind.DTYPE,
                        "gone", StateDictDiff.Kind.ONLY_LEFT,
                        "new", StateDictDiff.Kind.ONLY_RIGHT,
                        "x._extra_state", StateDictDiff.Kind.VALUE),
                kinds);
        assertEquals(0.5, diff.rows(StateDictDiff.Kind.VALUE).get(0).maxDifference());
        assertEquals("""
                key             left            right           difference
                --------------  --------------  --------------  -----------------------
                value           (3,) float64    (3,) float64    value, by 0.500 at most
                shape           (2, 3) float32  (3, 2) float32  shape
                dtype           (2,) float32    (2,) int64      dtype, by 0.00 at most
                gone            () float32      -               only left
                x._extra_state  {a=1}           {a=2}           value
                new             -               (1,) float32    only right
                2 the same, 6 different""", diff.toString());
    }

    /** The engine cannot compute with these tensors, or would take too long. */
    @Test
    void differencesOfStrangeTensors() {
        StateDict left = new StateDict();
        StateDict right = new StateDict();
        left.put("big", Torch.ones(1).expand(1L << 20, 1L << 20));
        right.put("big", Torch.zeros(1).expand(1L << 20, 1L << 20));
        left.put("half", Torch.zeros(2).to(DType.COMPLEX32));
        right.put("half", Torch.zeros(2).to(DType.COMPLEX32));
        left.put("bits", Torch.ones(new long[] {2}, DType.UINT8).view(DType.FLOAT4_E2M1FN_X2));
        right.put("bits", Torch.zeros(new long[] {2}, DType.UINT8).view(DType.FLOAT4_E2M1FN_X2));
        left.put("long", Torch.tensor(new long[] {1L << 60}));
        right.put("long", Torch.tensor(new long[] {(1L << 60) + 1}));
        StateDictDiff diff = left.diff(right);
        assertEquals(1, diff.same());
        assertEquals(1.0, diff.rows().get(0).maxDifference());
        assertNull(diff.rows().get(1).maxDifference());
        assertEquals(1.0, diff.rows().get(2).maxDifference());
        assertTrue(left.diff(left).isEmpty());
    }

    @Test
    void differencesOfExtraState() {
        StateDict left = new StateDict();
        StateDict right = new StateDict();
        left.putEntry("bytes", new byte[] {1});
        right.putEntry("bytes", new byte[] {1});
        left.putEntry("deep", Map.of("a", List.of(Torch.ones(2), new byte[] {2})));
        right.putEntry("deep", Map.of("a", List.of(Torch.ones(2), new byte[] {2})));
        assertEquals(2, left.diff(right).same());
        right.putEntry("bytes", new byte[] {2});
        right.putEntry("deep", Map.of("a", List.of(Torch.zeros(2), new byte[] {2})));
        StateDictDiff diff = left.diff(right);
        assertEquals(0, diff.same());
        assertEquals("1 byte", diff.rows().get(0).left());
    }

    @Test
    void aDifferenceFromAModel() {
        Linear model = new Linear(2, 3);
        StateDict d = new StateDict(model.stateDict());
        assertTrue(d.diff(model.stateDict()).isEmpty());
        assertEquals("2 the same, 0 different", d.diff(model.stateDict()).toString());
        d.put("bias", d.get("bias").add(1));
        List<String> keys = new ArrayList<>();
        d.diff(model.stateDict()).rows().forEach(row -> keys.add(row.key() + " " + row.kind()));
        assertEquals(List.of("bias VALUE"), keys);
        d.put("bias", Torch.full(new long[] {3}, Double.NaN));
        assertTrue(Double.isNaN(d.diff(model.stateDict()).rows().get(0).maxDifference()));
    }

    // --- metadata ----------------------------------------------------------------------------------------------

    /** As in Python: {@code d._metadata["0"]["version"] = 7}, {@code d._metadata.pop("")}. */
    @Test
    void metadataCanBeChanged() {
        Sequential model = new Sequential(new org.jtorch.nn.norm.BatchNorm1d(2), new org.jtorch.nn.linear.Linear(2, 2));
        StateDict d = model.stateDict();
        d.metadata().get("0").put("version", 7L);
        assertEquals(7L, d.metadata().get("0").get("version"));
        assertEquals(2L, model.stateDict().metadata().get("0").get("version"), "what the module saves next is its own");
        d.metadata().forEach((path, local) -> local.put("seen", true));
        assertEquals(Map.of("version", 1L, "seen", true), d.metadata().get("1"));
        d.metadata().remove("");
        d.metadata().keySet().remove("1");
        assertEquals(Map.of("0", Map.of("version", 7L, "seen", true)), d.metadata());
        StateDict copy = new StateDict(d);
        StateDict renamed = d.addPrefix("a.");
        d.metadata().clear();
        assertEquals(7L, copy.metadata().get("0").get("version"));
        assertEquals(7L, renamed.metadata().get("a.0").get("version"));
        model.loadStateDict(d);
    }

    @Test
    void whatIsPutIntoMetadataIsCopiedAndNotNull() {
        StateDict d = new StateDict();
        Map<String, Object> local = new java.util.HashMap<>(Map.of("version", 1L));
        assertNull(d.metadata().put("a", local));
        local.put("version", 9L);
        assertEquals(1L, d.metadata().get("a").get("version"));
        d.metadata().entrySet().iterator().next().setValue(Map.of("version", 3L));
        d.metadata().get("a").put("more", 4L);
        assertEquals(Map.of("version", 3L, "more", 4L), d.metadata().get("a"));
        assertThrows(NullPointerException.class, () -> d.metadata().put("b", null));
        assertThrows(NullPointerException.class, () -> d.metadata().put(null, Map.of()));
        assertEquals(1, d.metadata().size());
    }

    /** A version that was changed by hand determines what is loaded: since version 1, num_batches_tracked may be absent. */
    @Test
    void loadingHeedsAChangedVersion() {
        org.jtorch.nn.norm.BatchNorm1d norm = new org.jtorch.nn.norm.BatchNorm1d(2);
        StateDict d = norm.stateDict();
        d.remove("num_batches_tracked");
        assertThrows(StateDictException.class, () -> norm.loadStateDict(d));
        d.metadata().get("").put("version", 1L);
        norm.loadStateDict(d);
        d.metadata().get("").put("version", 2L);
        assertThrows(StateDictException.class, () -> norm.loadStateDict(d));
    }

    @Test
    void aRunInPlaceOfItsModelIsExplained() {
        Linear linear = new Linear(2, 2);
        StateDict run = new StateDict();
        run.putEntry("model", Map.copyOf(linear.stateDict()));
        run.putEntry("step", 3L);
        StateDictException e = assertThrows(StateDictException.class, () -> linear.loadStateDict(run));
        assertEquals(
                List.of("\"model\" is a state dict itself: load that one, as by checkpoint.stateDict(\"model\")"),
                e.help());
    }
}
