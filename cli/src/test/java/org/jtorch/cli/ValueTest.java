package org.jtorch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jtorch.DType;
import org.jtorch.Torch;
import org.jtorch.serialize.python.Complex;
import org.jtorch.serialize.python.FrozenSet;
import org.jtorch.serialize.python.NumpyArray;
import org.jtorch.serialize.python.NumpyScalar;
import org.jtorch.serialize.python.PythonGlobal;
import org.jtorch.serialize.python.PythonObject;
import org.jtorch.serialize.python.Tuple;
import org.junit.jupiter.api.Test;

/** How values of checkpoints are compared, shown and found. */
class ValueTest {

    private static PythonObject record(Object state, Object... arguments) {
        PythonObject object = new PythonObject("a.B", Tuple.of(arguments), Map.of());
        object.setState(state);
        return object;
    }

    private static void same(Object a, Object b) {
        assertTrue(ValueComparison.same(a, b), () -> text(a, b));
        assertTrue(ValueComparison.same(b, a), () -> text(b, a));
    }

    private static String text(Object a, Object b) {
        return ValueText.of(a, 100) + " and " + ValueText.of(b, 100);
    }

    private static void different(Object a, Object b) {
        assertFalse(ValueComparison.same(a, b), () -> text(a, b));
        assertFalse(ValueComparison.same(b, a), () -> text(b, a));
    }

    @Test
    void plainValues() {
        same(new byte[] {1, 2}, new byte[] {1, 2});
        different(new byte[] {1, 2}, new byte[] {1, 3});
        same(Double.NaN, Double.NaN);
        same(-0.0, 0.0);
        different(1.0, 2.0);
        different(1L, 1.0);
        different(null, 0L);
        same(new Complex(-0.0, Double.NaN), new Complex(0, Double.NaN));
        different(new Complex(0, 1), new Complex(0, 2));
        same(new NumpyScalar("float32", -0.0), new NumpyScalar("float32", 0.0));
        different(new NumpyScalar("float32", 1.0), new NumpyScalar("float16", 1.0));
        same(NumpyArray.of(Torch.arange(3)), NumpyArray.of(Torch.arange(3)));
        different(NumpyArray.of(Torch.arange(3)), NumpyArray.of(Torch.arange(4)));
        same(Torch.tensor(new double[] {Double.NaN, -0.0}), Torch.tensor(new double[] {Double.NaN, 0}));
        different(Torch.zeros(2), Torch.ones(2));
    }

    @Test
    void containersAndRecords() {
        same(List.of(new byte[1], Torch.ones(2)), List.of(new byte[1], Torch.ones(2)));
        different(List.of(Torch.ones(2)), List.of(Torch.zeros(2)));
        same(Map.of("a", record(Map.of("t", Torch.ones(1)))), Map.of("a", record(Map.of("t", Torch.ones(1)))));
        different(record(Map.of("t", Torch.ones(1))), record(Map.of("t", Torch.zeros(1))));
        different(record(null, 1L), record(null, 2L));
        different(record(null), new PythonObject("a.C", Tuple.EMPTY, Map.of()));
        different(record(null), Map.of());
        different(new PythonObject("a.B", Tuple.EMPTY, Map.of("k", 1L)), record(null));
        PythonObject items = record(null);
        items.items().add(1L);
        different(items, record(null));
        PythonObject entries = record(null);
        entries.entries().put("a", 1L);
        different(entries, record(null));
        Map<Object, Object> ordered = new LinkedHashMap<>();
        Map<Object, Object> reversed = new LinkedHashMap<>();
        for (long i = 0; i < 3; i++) {
            ordered.put(i, "v");
            reversed.put(2 - i, "v");
        }
        same(ordered, reversed);
        different(Map.of("a", 1L), Map.of("b", 1L));
        same(Map.of(ByteBuffer.wrap(new byte[] {1}), 1L), Map.of(ByteBuffer.wrap(new byte[] {1}), 1L));
    }

    /** Records are compared by content, even in sets and as keys, where Java finds them by their hash. */
    @Test
    void recordsInSetsAndAsKeys() {
        Set<Object> left = new LinkedHashSet<>(List.of(1L, record("x"), record("y")));
        Set<Object> right = new LinkedHashSet<>(List.of(record("y"), record("x"), 1L));
        same(left, right);
        same(new FrozenSet(left), new FrozenSet(right));
        different(left, new LinkedHashSet<>(List.of(1L, record("x"), record("z"))));
        different(
                new LinkedHashSet<>(List.of(record("x"), record("x"))),
                new LinkedHashSet<>(List.of(record("x"), record("y"))));
        same(Map.of(record("x"), 1L, record("y"), 2L), Map.of(record("y"), 2L, record("x"), 1L));
        different(Map.of(record("x"), 1L, record("y"), 2L), Map.of(record("y"), 1L, record("x"), 2L));
    }

    private static List<Object> loop(Object last) {
        List<Object> loop = new ArrayList<>();
        loop.add(loop);
        loop.add(Map.of("in", loop));
        loop.add(last);
        return loop;
    }

    @Test
    void whatHoldsItself() {
        same(loop(1L), loop(1L));
        different(loop(1L), loop(2L));
        assertTrue(ValueText.of(loop(1L), 80).endsWith("…"));
        Map<String, Object> flat = FlatValues.deep(Map.of("a", loop(1L)));
        assertEquals(Set.of("a.0", "a.1.in", "a.2"), flat.keySet());
        assertEquals("<the same as 'a'>", String.valueOf(flat.get("a.1.in")));
        PythonObject self = record(null);
        self.setState(new HashMap<>(Map.of("self", self)));
        PythonObject other = record(null);
        other.setState(new HashMap<>(Map.of("self", other)));
        same(self, other);
        assertEquals(
                self.name(),
                String.valueOf(((PythonGlobal) FlatValues.deep(self).get("__class__")).name()));
    }

    /** 2^60 values, if each were visited as often as it occurs. */
    @Test
    void whatIsMetAgainAndAgain() {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            same(doubled(), doubled());
            Map<String, Object> left = FlatValues.deep(doubled());
            assertEquals(left, FlatValues.deep(doubled()));
            assertTrue(left.size() < 1_000_000);
        });
    }

    private static Object doubled() {
        Object value = 1L;
        for (int i = 0; i < 60; i++) {
            value = i % 2 == 0 ? Arrays.asList(value, value) : record(null, value, value);
        }
        return value;
    }

    @Test
    void texts() {
        assertEquals("None", ValueText.of(null, 80));
        assertEquals("it's", ValueText.of("it's", 80));
        assertEquals("[True, 1, 0.5, 'a']", ValueText.of(List.of(true, 1L, 0.5, "a"), 80));
        assertEquals("b'a\\x00\\'' (3 bytes)", ValueText.of(new byte[] {'a', 0, '\''}, 80));
        assertEquals(
                "b'0000000000000000…' (99 bytes)",
                ValueText.of("0".repeat(99).getBytes(java.nio.charset.StandardCharsets.US_ASCII), 80));
        assertEquals(
                "{b'k' (1 byte): (1,)}", ValueText.of(Map.of(ByteBuffer.wrap(new byte[] {'k'}), Tuple.of(1L)), 80));
        assertEquals("array([0, 1, 2], (3,), int64)", ValueText.of(NumpyArray.of(Torch.arange(3)), 80));
        assertEquals("array((2, 10), float32)", ValueText.of(NumpyArray.of(Torch.zeros(2, 10)), 80));
        assertEquals("numpy.int16(5)", ValueText.of(new NumpyScalar("int16", 5L), 80));
        assertEquals("(1.0-2.0j)", ValueText.of(new Complex(1, -2), 80));
        assertEquals("frozenset({1})", ValueText.of(new FrozenSet(List.of(1L)), 80));
        assertEquals("a.B(1, 'x') {'lr': 0.1}", ValueText.of(record(Map.of("lr", 0.1), 1L, "x"), 80));
        assertEquals(
                "[tensor((2, 3), bfloat16)]",
                ValueText.of(List.of(Torch.zeros(new long[] {2, 3}, DType.BFLOAT16)), 80));
        assertEquals("[1, 1, 1, …", ValueText.of(java.util.Collections.nCopies(1000, 1L), 11));
    }

    @Test
    void keysThatLookTheSame() {
        Map<Object, Object> map = new LinkedHashMap<>();
        map.put(1L, "number");
        map.put("1", "text");
        map.put(ByteBuffer.wrap(new byte[] {'k'}), "bytes");
        map.put("empty", List.of());
        Map<String, Object> flat = FlatValues.deep(map);
        assertEquals(List.of("1", "1 (2)", "b'k' (1 byte)", "empty"), List.copyOf(flat.keySet()));
        assertEquals("text", flat.get("1 (2)"));
    }
}
