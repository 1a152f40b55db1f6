package org.jtorch.serialize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.Device;
import org.jtorch.Layout;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.UntypedStorage;
import org.jtorch.nn.Parameter;
import org.jtorch.serialize.python.DefaultDict;
import org.jtorch.serialize.python.NumpyArray;
import org.jtorch.serialize.python.OrderedDict;
import org.jtorch.serialize.python.Tuple;

/** Compares what was written with what is read: kinds, values, and which objects and storages are the same. */
final class SameValues {

    private final Map<Object, Object> met = new IdentityHashMap<>();
    private final Map<Object, Object> back = new IdentityHashMap<>();
    private final Map<Long, Long> storages = new HashMap<>();
    private final Map<Long, Long> storagesBack = new HashMap<>();

    private SameValues() {}

    static void assertSameValues(@Nullable Object written, @Nullable Object read) {
        new SameValues().value("root", written, read);
    }

    private void value(String at, @Nullable Object a, @Nullable Object b) {
        boolean object = a instanceof Map
                || a instanceof List
                || a instanceof Set
                || a instanceof Tensor
                || a instanceof NumpyArray
                || a instanceof byte[]
                || (a instanceof Tuple tuple && tuple.size() > 0);
        if (a == null || b == null || !object) {
            assertEquals(a, b, at);
            return;
        }
        Object known = met.put(a, b);
        Object knownBack = back.put(b, a);
        if (known != null || knownBack != null) {
            assertSame(known, b, at + ": one object before, two now");
            assertSame(knownBack, a, at + ": two objects before, one now");
            return;
        }
        assertEquals(kind(a), kind(b), at);
        if (a instanceof Map<?, ?> map) {
            map(at, map, (Map<?, ?>) b);
        } else if (a instanceof List<?> list) {
            list(at, list, (List<?>) b);
        } else if (a instanceof Tuple tuple) {
            list(at, tuple.values(), ((Tuple) b).values());
        } else if (a instanceof Set<?> set) {
            assertEquals(new ArrayList<>(set), new ArrayList<>((Set<?>) b), at);
        } else if (a instanceof byte[] bytes) {
            assertArrayEquals(bytes, (byte[]) b, at);
        } else if (a instanceof NumpyArray array) {
            NumpyArray other = (NumpyArray) b;
            assertEquals(array.dtype(), other.dtype(), at);
            assertArrayEquals(array.shape(), other.shape(), at);
            assertArrayEquals(array.bytes(), other.bytes(), at);
        } else {
            tensor(at, (Tensor) a, (Tensor) b);
        }
    }

    private static Class<?> kind(Object value) {
        return value instanceof List ? List.class : value.getClass();
    }

    private void list(String at, List<?> a, List<?> b) {
        assertEquals(a.size(), b.size(), at);
        for (int i = 0; i < a.size(); i++) {
            value(at + "." + i, a.get(i), b.get(i));
        }
    }

    private void map(String at, Map<?, ?> a, Map<?, ?> b) {
        assertEquals(new ArrayList<>(a.keySet()), new ArrayList<>(b.keySet()), at);
        for (Object key : a.keySet()) {
            value(at + "." + key, a.get(key), b.get(key));
        }
        if (a instanceof OrderedDict dict) {
            map(at + "'s attributes", dict.attributes(), ((OrderedDict) b).attributes());
        }
        if (a instanceof DefaultDict dict) {
            assertEquals(dict.factory(), ((DefaultDict) b).factory(), at);
        }
    }

    // --- tensors -----------------------------------------------------------------------------------------------

    private void tensor(String at, Tensor a, Tensor b) {
        assertEquals(a.isUninitialized(), b.isUninitialized(), at);
        assertEquals(a.requiresGrad(), b.requiresGrad(), at);
        assertEquals(a instanceof Parameter, b instanceof Parameter, at);
        if (a.isUninitialized()) {
            return;
        }
        assertEquals(a.dtype(), b.dtype(), at);
        assertEquals(a.layout(), b.layout(), at);
        assertEquals(a.device(), b.device(), at);
        assertArrayEquals(a.shape(), b.shape(), at);
        if (a.layout() != Layout.STRIDED) {
            sparse(at, a, b);
            return;
        }
        assertArrayEquals(a.strides(), b.strides(), at);
        assertEquals(a.storageOffset(), b.storageOffset(), at);
        assertEquals(a.isConj(), b.isConj(), at);
        assertEquals(a.isNeg(), b.isNeg(), at);
        if (!a.device().equals(Device.META)) {
            try (UntypedStorage before = storage(a);
                    UntypedStorage after = storage(b)) {
                Long known = storages.put(before.id(), after.id());
                Long knownBack = storagesBack.put(after.id(), before.id());
                if (known != null || knownBack != null) {
                    assertEquals(known, after.id(), at + ": one storage before, two now");
                    assertEquals(knownBack, before.id(), at + ": two storages before, one now");
                    return;
                }
                assertEquals(before.nbytes(), after.nbytes(), at);
                assertEquals(
                        before.buffer(0, (int) before.nbytes()),
                        after.buffer(0, (int) after.nbytes()),
                        at + "'s bytes");
            }
        }
    }

    static UntypedStorage storage(Tensor tensor) {
        Tensor values = tensor.isConj() ? tensor.conj() : tensor;
        return UntypedStorage.of(
                values.isNeg()
                        ? (Tensor) Operator.find("aten::_neg_view", "")
                                .call(values)
                                .get(0)
                        : values);
    }

    private static void sparse(String at, Tensor a, Tensor b) {
        List<String> parts =
                switch (a.layout()) {
                    case SPARSE_COO -> List.of("_indices", "_values");
                    case SPARSE_CSR, SPARSE_BSR -> List.of("crow_indices", "col_indices", "values");
                    default -> List.of("ccol_indices", "row_indices", "values");
                };
        for (String part : parts) {
            Tensor before = (Tensor) of(a, part);
            Tensor after = (Tensor) of(b, part);
            assertEquals(before.dtype(), after.dtype(), at);
            assertEquals(Recorded.sha256(before), Recorded.sha256(after), at + "." + part);
        }
        if (a.layout() == Layout.SPARSE_COO) {
            assertEquals(of(a, "is_coalesced"), of(b, "is_coalesced"), at);
        }
    }

    private static Object of(Tensor tensor, String name) {
        return Objects.requireNonNull(
                Operator.find("aten::" + name, "").call(tensor).get(0));
    }
}
