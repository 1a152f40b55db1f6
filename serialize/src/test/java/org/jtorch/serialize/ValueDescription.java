package org.jtorch.serialize;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Layout;
import org.jtorch.Size;
import org.jtorch.Tensor;
import org.jtorch.UntypedStorage;
import org.jtorch.nn.Parameter;
import org.jtorch.serialize.python.Complex;
import org.jtorch.serialize.python.Counter;
import org.jtorch.serialize.python.DefaultDict;
import org.jtorch.serialize.python.FrozenSet;
import org.jtorch.serialize.python.NumpyArray;
import org.jtorch.serialize.python.NumpyScalar;
import org.jtorch.serialize.python.OrderedDict;
import org.jtorch.serialize.python.Tuple;

/** A value in JSON, for a comparison with what PyTorch reads. An object that occurs again is represented by its number. */
final class ValueDescription {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Map<Object, Integer> met = new IdentityHashMap<>();

    private ValueDescription() {}

    static ObjectNode of(@Nullable Object value) {
        return new ValueDescription().describe(value);
    }

    private ObjectNode describe(@Nullable Object value) {
        ObjectNode node = JSON.objectNode();
        if (value == null) {
            return node.put("kind", "None");
        }
        boolean object = value instanceof Map
                || value instanceof List
                || value instanceof Set
                || value instanceof Tensor
                || (value instanceof Tuple tuple && tuple.size() > 0);
        if (object) {
            Integer number = met.putIfAbsent(value, met.size());
            if (number != null) {
                return node.put("kind", "again").put("id", number);
            }
            node.put("id", met.get(value));
        }
        if (value instanceof Map<?, ?> map) {
            map(node, map);
        } else if (value instanceof List<?> list) {
            all(node.put("kind", "list"), list);
        } else if (value instanceof Tuple tuple) {
            all(node.put("kind", "tuple"), tuple.values());
        } else if (value instanceof Set<?> set) {
            all(node.put("kind", value instanceof FrozenSet ? "frozenset" : "set"), set);
        } else if (value instanceof Tensor tensor) {
            tensor(node, tensor);
        } else if (value instanceof byte[] bytes) {
            node.put("kind", "bytes").put("value", HexFormat.of().formatHex(bytes));
        } else if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            node.put("kind", "bytes").put("value", HexFormat.of().formatHex(bytes));
        } else if (value instanceof NumpyArray array) {
            node.put("kind", "array")
                    .put("dtype", array.dtype())
                    .put("value", HexFormat.of().formatHex(array.bytes()));
            node.set("shape", longs(array.shape()));
        } else if (value instanceof NumpyScalar scalar) {
            node.put("kind", "scalar").put("dtype", scalar.dtype()).set("value", describe(scalar.value()));
        } else if (value instanceof Size size) {
            node.put("kind", "Size").set("value", longs(size.toArray()));
        } else if (value instanceof Complex complex) {
            node.put("kind", "complex");
            node.put("real", hex(complex.real())).put("imag", hex(complex.imag()));
        } else if (value instanceof Double number) {
            node.put("kind", "float").put("value", hex(number));
        } else {
            String kind = value instanceof Device
                    ? "device"
                    : value instanceof DType
                            ? "dtype"
                            : value instanceof Layout
                                    ? "layout"
                                    : value instanceof String ? "str" : value instanceof Boolean ? "bool" : "int";
            node.put("kind", kind).put("value", String.valueOf(value));
        }
        return node;
    }

    /** The bits, for NaN and -0.0; those of all NaN are the same. */
    private static String hex(double value) {
        return String.format("%016x", Double.doubleToLongBits(value));
    }

    private static ArrayNode longs(long[] values) {
        ArrayNode array = JSON.arrayNode();
        for (long value : values) {
            array.add(value);
        }
        return array;
    }

    private void all(ObjectNode node, Iterable<?> values) {
        ArrayNode array = node.putArray("values");
        values.forEach(value -> array.add(describe(value)));
    }

    private void map(ObjectNode node, Map<?, ?> map) {
        node.put("kind", "dict");
        if (map instanceof OrderedDict dict) {
            node.put("kind", "OrderedDict");
            if (!dict.attributes().isEmpty()) {
                node.set("metadata", describe(dict.attributes().get("_metadata")));
            }
        } else if (map instanceof Counter) {
            node.put("kind", "Counter");
        } else if (map instanceof DefaultDict dict) {
            node.put("kind", "defaultdict").put("factory", dict.factory());
        }
        ArrayNode items = node.putArray("items");
        map.forEach((key, value) -> items.addArray().add(describe(key)).add(describe(value)));
    }

    private void tensor(ObjectNode node, Tensor tensor) {
        node.put("kind", "tensor").put("parameter", tensor instanceof Parameter);
        node.put("grad", tensor.requiresGrad()).put("uninitialized", tensor.isUninitialized());
        if (tensor.isUninitialized()) {
            return;
        }
        node.put("dtype", tensor.dtype().toString());
        node.put("layout", tensor.layout().toString())
                .put("device", tensor.device().toString());
        node.set("shape", longs(tensor.shape()));
        if (tensor.layout() != Layout.STRIDED) {
            node.put("dense", HexFormat.of().formatHex(dense(tensor.toDense())));
            return;
        }
        node.set("strides", longs(tensor.strides()));
        if (tensor.device().equals(Device.CPU)) {
            node.put("offset", tensor.storageOffset());
            node.put("conj", tensor.isConj()).put("neg", tensor.isNeg());
            try (UntypedStorage storage = SameValues.storage(tensor)) {
                node.put("storage", storage.id());
                byte[] bytes = new byte[(int) storage.nbytes()];
                storage.buffer(0, bytes.length).get(bytes);
                node.put("bytes", HexFormat.of().formatHex(bytes));
            }
        }
    }

    private static byte[] dense(Tensor tensor) {
        try (UntypedStorage storage = UntypedStorage.of(tensor.contiguous())) {
            byte[] bytes = new byte[(int) storage.nbytes()];
            storage.buffer(0, bytes.length).get(bytes);
            return bytes;
        }
    }
}
