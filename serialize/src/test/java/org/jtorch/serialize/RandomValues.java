package org.jtorch.serialize;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Layout;
import org.jtorch.Operator;
import org.jtorch.Size;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.UntypedStorage;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.UninitializedBuffer;
import org.jtorch.nn.UninitializedParameter;
import org.jtorch.serialize.internal.elements.SafetensorsTypes;
import org.jtorch.serialize.internal.elements.StorageType;
import org.jtorch.serialize.python.Complex;
import org.jtorch.serialize.python.Counter;
import org.jtorch.serialize.python.DefaultDict;
import org.jtorch.serialize.python.FrozenSet;
import org.jtorch.serialize.python.NumpyArray;
import org.jtorch.serialize.python.NumpyScalar;
import org.jtorch.serialize.python.OrderedDict;
import org.jtorch.serialize.python.Tuple;

/**
 * Random values of every kind that is written: plain ones, containers that are shared and that hold themselves, and tensors
 * that share storages. The same seed gives the same value.
 */
final class RandomValues {

    /** All that PyTorch saves. */
    static final List<DType> DTYPES = Arrays.stream(DType.values())
            .filter(dtype -> StorageType.name(dtype) != null || StorageType.isUntyped(dtype))
            .filter(dtype -> !dtype.torchName().startsWith("q"))
            .toList();

    private static final List<String> NUMPY = List.of(
            "bool",
            "int8",
            "uint8",
            "int16",
            "uint16",
            "int32",
            "uint32",
            "int64",
            "uint64",
            "float16",
            "float32",
            "complex64");

    private static final List<DType> NUMPY_ARRAYS = List.of(
            DType.BOOL,
            DType.UINT8,
            DType.INT8,
            DType.INT16,
            DType.INT32,
            DType.INT64,
            DType.FLOAT16,
            DType.FLOAT32,
            DType.FLOAT64,
            DType.COMPLEX64,
            DType.COMPLEX128);

    private static final List<String> FACTORIES =
            List.of("builtins.list", "builtins.dict", "builtins.int", "builtins.set", "builtins.float");

    private final Random random;

    /** Objects that were made, to be met again; containers among them may still be filled. */
    private final List<Object> made = new ArrayList<>();

    private final List<UntypedStorage> storages = new ArrayList<>();
    private final List<DType> storageTypes = new ArrayList<>();
    private int left = 60;

    RandomValues(long seed) {
        random = new Random(seed);
    }

    /** A tree of up to some sixty values. */
    @Nullable
    Object value() {
        return value(5);
    }

    private @Nullable Object value(int depth) {
        left--;
        if (!made.isEmpty() && one(8)) {
            return pick(made);
        }
        if (depth > 0 && left > 0 && !one(3)) {
            return container(depth - 1);
        }
        return one(2) ? tensor() : plain();
    }

    private boolean one(int in) {
        return random.nextInt(in) == 0;
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private <T> T keep(T value) {
        made.add(value);
        return value;
    }

    // --- plain values ------------------------------------------------------------------------------------------

    private @Nullable Object plain() {
        return switch (random.nextInt(16)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2, 3 -> integer();
            case 4 ->
                new BigInteger(64 + random.nextInt(300), random)
                        .setBit(64)
                        .multiply(BigInteger.valueOf(random.nextBoolean() ? 1 : -1));
            case 5 -> floating();
            case 6 -> new Complex(floating(), floating());
            case 7 -> keep(bytes());
            case 8 -> Size.of(shape());
            case 9 -> one(2) ? Device.CPU : Device.of("cuda:" + random.nextInt(4));
            case 10 -> pick(DTYPES);
            case 11 -> pick(List.of(Layout.STRIDED, Layout.SPARSE_COO, Layout.SPARSE_CSR, Layout.SPARSE_BSC));
            case 12 -> numpyScalar();
            case 13 -> keep(numpyArray());
            default -> text();
        };
    }

    /** Of any length that a pickle has a form of its own for. */
    private long integer() {
        return random.nextLong() >> random.nextInt(64);
    }

    private double floating() {
        return switch (random.nextInt(8)) {
            case 0 -> -0.0;
            case 1 -> Double.POSITIVE_INFINITY;
            case 2 -> Double.NaN;
            case 3 -> random.nextInt(10);
            case 4 -> Double.MIN_VALUE;
            default -> random.nextGaussian() * 100;
        };
    }

    private String text() {
        int[] ends = {0x20, 0x80, 0x800, 0xd800, 0x10000 + 0x400};
        int length = one(20) ? 300 : random.nextInt(8);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            int end = ends[random.nextInt(ends.length)];
            text.appendCodePoint(end > 0x10000 ? 0x10000 + random.nextInt(0x400) : random.nextInt(end));
        }
        return text.toString();
    }

    private byte[] bytes() {
        byte[] bytes = new byte[one(10) ? 400 : random.nextInt(6)];
        random.nextBytes(bytes);
        return bytes;
    }

    private NumpyScalar numpyScalar() {
        String dtype = pick(NUMPY);
        if (dtype.equals("bool")) {
            return new NumpyScalar(dtype, random.nextBoolean());
        }
        if (dtype.startsWith("c")) {
            return new NumpyScalar(dtype, new Complex(random.nextFloat(), random.nextInt(9)));
        }
        return dtype.startsWith("f")
                ? new NumpyScalar(dtype, (double) (random.nextInt(200) - 100) / 4)
                : new NumpyScalar(dtype, (long) random.nextInt(100));
    }

    private NumpyArray numpyArray() {
        return NumpyArray.of(Torch.randn(shape()).to(pick(NUMPY_ARRAYS)));
    }

    // --- containers --------------------------------------------------------------------------------------------

    private Object container(int depth) {
        int count = one(3) ? 1 : random.nextInt(6);
        switch (random.nextInt(10)) {
            case 0, 1 -> {
                return fill(keep(new LinkedHashMap<>()), count, depth);
            }
            case 2 -> {
                OrderedDict dict = keep(new OrderedDict());
                if (one(2)) {
                    dict.attributes().put("_metadata", value(depth));
                }
                return fill(dict, count, depth);
            }
            case 3 -> {
                return fill(keep(new DefaultDict(one(4) ? null : pick(FACTORIES))), count, depth);
            }
            case 4 -> {
                Counter counter = new Counter();
                keys(count).forEach(key -> counter.put(key, integer()));
                return keep(counter);
            }
            case 5 -> {
                return keep(new LinkedHashSet<>(keys(count)));
            }
            case 6 -> {
                return keep(new FrozenSet(keys(count)));
            }
            case 7 -> {
                List<@Nullable Object> values = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    values.add(value(depth));
                }
                return keep(new Tuple(values));
            }
            case 8 -> {
                return tupleThatHoldsItself(count);
            }
            default -> {
                List<@Nullable Object> list = keep(new ArrayList<>());
                for (int i = 0; i < count; i++) {
                    list.add(value(depth));
                }
                return list;
            }
        }
    }

    private Tuple tupleThatHoldsItself(int count) {
        List<Object> inside = new ArrayList<>();
        @Nullable Object[] values = new Object[count + 1];
        Arrays.setAll(values, i -> plain());
        values[random.nextInt(values.length)] = inside;
        Tuple tuple = Tuple.of(values);
        inside.add(tuple);
        keep(inside);
        return keep(tuple);
    }

    private Map<Object, @Nullable Object> fill(Map<Object, @Nullable Object> map, int count, int depth) {
        keys(count).forEach(key -> map.put(key, value(depth)));
        return map;
    }

    /** Keys that are different in Python too: each of a kind, or of values, of its own. */
    private Set<Object> keys(int count) {
        boolean texts = one(2);
        Set<Object> keys = new LinkedHashSet<>();
        for (int i = 0; i < count; i++) {
            keys.add(texts ? "key." + random.nextInt(1000) : key());
        }
        return keys;
    }

    private Object key() {
        return switch (random.nextInt(11)) {
            case 0 -> (long) random.nextInt(100_000);
            case 1 -> random.nextInt(100) + 0.5;
            case 2 -> Double.NaN;
            case 3 -> new Complex(random.nextInt(5), 1);
            case 4 -> ByteBuffer.wrap(bytes()).asReadOnlyBuffer();
            case 5 -> Tuple.of(integer(), "x", null);
            case 6 -> new FrozenSet(List.of("a" + random.nextInt(9)));
            case 7 -> BigInteger.ONE.shiftLeft(70 + random.nextInt(50));
            case 8 -> pick(DTYPES);
            case 9 -> Device.of("cuda:" + random.nextInt(4));
            default -> text();
        };
    }

    // --- tensors -----------------------------------------------------------------------------------------------

    private long[] shape() {
        long[] shape = new long[random.nextInt(4)];
        Arrays.setAll(shape, i -> one(10) ? 0 : 1 + random.nextInt(4));
        return shape;
    }

    private Tensor tensor() {
        Tensor tensor =
                switch (random.nextInt(12)) {
                    case 0 -> sparse();
                    case 1 -> compressed();
                    case 2 ->
                        Torch.empty(shape(), TensorOptions.of(pick(DTYPES)).device(Device.META));
                    case 3 ->
                        one(2)
                                ? new UninitializedParameter(TensorOptions.of(DType.FLOAT32))
                                : new UninitializedBuffer(TensorOptions.of(DType.FLOAT32));
                    default -> strided(one(3) ? storage() : reused());
                };
        return keep(tensor);
    }

    /** A number of a storage. */
    private int storage() {
        DType dtype = pick(DTYPES);
        int elements = random.nextInt(80);
        UntypedStorage storage = UntypedStorage.allocate((long) elements * dtype.itemSize());
        ByteBuffer bytes = storage.buffer(0, elements * dtype.itemSize());
        for (int i = 0; i < bytes.capacity(); i++) {
            bytes.put(i, (byte) (dtype == DType.BOOL ? random.nextInt(2) : random.nextInt()));
        }
        storages.add(storage);
        storageTypes.add(dtype);
        return storages.size() - 1;
    }

    private int reused() {
        return storages.isEmpty() ? storage() : random.nextInt(storages.size());
    }

    private Tensor strided(int number) {
        DType dtype = storageTypes.get(number);
        UntypedStorage storage = storages.get(number);
        long elements = storage.nbytes() / dtype.itemSize();
        long[] shape = shape();
        long[] strides = new long[shape.length];
        Arrays.setAll(strides, i -> random.nextInt(5));
        long offset = elements == 0 ? 0 : random.nextInt((int) elements);
        while (last(shape, strides, offset) >= elements) {
            if (shape.length == 0 || offset > 0) {
                if (elements == 0) {
                    return storage.tensor(dtype, 0, new long[] {0}, new long[] {1});
                }
                offset = 0;
            } else if (Arrays.stream(strides).sum() > 0) {
                strides[random.nextInt(strides.length)] = 0;
            } else {
                shape[0] = 0;
            }
        }
        Tensor tensor = storage.tensor(dtype, offset, shape, strides);
        if (dtype.isComplex() && one(3)) {
            tensor = tensor.conj();
        }
        if (one(6) && (dtype == DType.FLOAT32 || dtype == DType.COMPLEX64 || dtype == DType.FLOAT64)) {
            tensor = (Tensor) Operator.find("aten::_neg_view", "").call(tensor).get(0);
        }
        if (dtype == DType.FLOAT32 || dtype == DType.FLOAT64 || dtype == DType.BFLOAT16) {
            boolean grad = random.nextBoolean();
            return one(3) ? new Parameter(tensor, grad) : grad ? tensor.requiresGrad_() : tensor;
        }
        return tensor;
    }

    /** Returns the position of the last element, or -1 if there is none. */
    private static long last(long[] shape, long[] strides, long offset) {
        long last = offset;
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] == 0) {
                return -1;
            }
            last += (shape[i] - 1) * strides[i];
        }
        return last;
    }

    private Tensor sparse() {
        DType dtype = pick(List.of(DType.FLOAT32, DType.FLOAT64, DType.INT64, DType.COMPLEX64));
        int count = random.nextInt(5);
        long[] indices = new long[2 * count];
        Arrays.setAll(indices, i -> random.nextInt(4));
        Tensor tensor = Torch.sparseCooTensor(
                Torch.tensor(indices).view(2, count), Torch.randn(count).to(dtype), new long[] {4, 4}, false);
        return one(2) ? tensor.coalesce() : tensor;
    }

    private Tensor compressed() {
        Tensor starts = Torch.tensor(new long[] {0, 2, 3, 4});
        Tensor others = Torch.tensor(new long[] {1, 2, 1, 2});
        Tensor blockStarts = Torch.tensor(new long[] {0, 1, 2});
        Tensor blocks = Torch.tensor(new long[] {1, 0});
        return switch (random.nextInt(4)) {
            case 0 -> Torch.sparseCsrTensor(starts, others, Torch.randn(4), new long[] {3, 4});
            case 1 -> Torch.sparseCscTensor(starts, others, Torch.randn(4), new long[] {4, 3});
            case 2 -> Torch.sparseBsrTensor(blockStarts, blocks, Torch.randn(2, 2, 2), new long[] {4, 4});
            default -> Torch.sparseBscTensor(blockStarts, blocks, Torch.randn(2, 2, 2), new long[] {4, 4});
        };
    }

    // --- maps of tensors ---------------------------------------------------------------------------------------

    /** Returns a value that a safetensors file can contain. */
    Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        int count = random.nextInt(10);
        for (int i = 0; i < count; i++) {
            Tensor tensor = strided(one(2) ? storage() : reused());
            boolean pair = tensor.dtype() == SafetensorsTypes.PAIRS;
            // PyTorch makes no dense copy of pairs that lie otherwise
            boolean held = SafetensorsTypes.name(tensor.dtype()) != null
                    && (!pair || (tensor.shape().length > 0 && tensor.isContiguous()));
            if (held) {
                tensors.put(text(), tensor);
            }
        }
        return tensors;
    }

    /** A size of shards, from nearly nothing to more than all. */
    long shardBytes() {
        return 1L + random.nextInt(1 << random.nextInt(14));
    }
}
