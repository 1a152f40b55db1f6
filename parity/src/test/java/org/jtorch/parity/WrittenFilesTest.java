package org.jtorch.parity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Layout;
import org.jtorch.Operator;
import org.jtorch.Size;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.UntypedStorage;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.UninitializedBuffer;
import org.jtorch.nn.UninitializedParameter;
import org.jtorch.nn.linear.LazyLinear;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm1d;
import org.jtorch.nn.norm.LazyBatchNorm1d;
import org.jtorch.nn.state.StateDict;
import org.jtorch.optim.AdamW;
import org.jtorch.optim.Optimizer;
import org.jtorch.optim.SGD;
import org.jtorch.serialize.Checkpoint;
import org.jtorch.serialize.python.Complex;
import org.jtorch.serialize.python.Counter;
import org.jtorch.serialize.python.DefaultDict;
import org.jtorch.serialize.python.FrozenSet;
import org.jtorch.serialize.python.NumpyArray;
import org.jtorch.serialize.python.NumpyScalar;
import org.jtorch.serialize.python.OrderedDict;
import org.jtorch.serialize.python.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Writes every kind of file and value, with values that the script knows too. PyTorch then reads the files in
 * {@code target/written} and compares them: {@code python3 parity/record/written.py parity/target/written}.
 */
class WrittenFilesTest {

    private static final Path FOLDER = Path.of("target", "written");

    private final TensorScope scope = new TensorScope();

    @BeforeEach
    void begin() throws IOException {
        Files.createDirectories(FOLDER);
    }

    @AfterEach
    void end() {
        scope.close();
    }

    /** Saves a value. What is read again is complete, and is written as the same bytes. */
    private static Object save(String name, Object value) throws IOException {
        Path file = FOLDER.resolve(name);
        Checkpoint.save(file, value);
        Checkpoint.check(file, o -> {});
        byte[] first = Files.readAllBytes(file);
        Object root = Checkpoint.load(file, o -> o.mmap(false)).root();
        Checkpoint.save(file, root);
        assertArrayEquals(first, Files.readAllBytes(file), name);
        return root;
    }

    /** {@code (rows, columns)}: 0, 1, 2, … */
    private static Tensor counted(long... shape) {
        long numel = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        return Torch.arange(numel).to(DType.FLOAT32).reshape(shape);
    }

    @Test
    void stateDict() throws IOException {
        Sequential net = new Sequential(new Linear(3, 4), new BatchNorm1d(4));
        StateDict state = net.stateDict();
        state.forEach((key, tensor) -> tensor.copy_(counted(tensor.shape())));
        save("state_dict.pt", state);
    }

    @Test
    void sharedStoragesAndParameters() throws IOException {
        Tensor base = counted(6, 4);
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("base", base);
        value.put("row", base.select(0, 2));
        value.put("turned", base.t());
        value.put("expanded", counted(1, 3).expand(new long[] {4, 3}));
        value.put("same", base);
        value.put("empty", Torch.zeros(0, 3));
        value.put("scalar", counted().add(2.5));
        value.put("grad", counted(2).requiresGrad_());
        Parameter parameter = new Parameter(counted(2, 2));
        value.put("parameter", parameter);
        value.put("tied", parameter);
        value.put("frozen", new Parameter(counted(3), false));
        save("shared.pt", value);
    }

    @Test
    void everyDtype() throws IOException {
        Map<String, Object> value = new LinkedHashMap<>();
        for (DType dtype : DType.values()) {
            if (!dtype.torchName().matches("q.*|u?int[1-7]")) {
                UntypedStorage storage = UntypedStorage.allocate(6L * dtype.itemSize());
                ByteBuffer bytes = storage.buffer(0, 6 * dtype.itemSize());
                for (int i = 0; i < bytes.capacity(); i++) {
                    bytes.put(i, (byte) (dtype == DType.BOOL ? i % 2 : i));
                }
                value.put(dtype.torchName(), storage.tensor(dtype, 0, new long[] {2, 3}, new long[] {3, 1}));
            }
        }
        assertEquals(27, value.size());
        save("dtypes.pt", value);
    }

    @Test
    void plainValues() throws IOException {
        Map<Object, Object> value = new LinkedHashMap<>();
        value.put("numbers", Arrays.asList(0L, -1L, 1L << 40, BigInteger.ONE.shiftLeft(100), 0.5, true, null));
        value.put("complex", new Complex(1, -2));
        value.put("text", "größe ✓ 😀");
        value.put("bytes", new byte[] {0, 127, -1});
        value.put("tuple", Tuple.of(1L, Tuple.EMPTY, Tuple.of("a")));
        value.put("set", new LinkedHashSet<>(List.of(1L, 2L, 3L)));
        value.put("frozenset", new FrozenSet(List.of(1L, 2L)));
        value.put("size", Size.of(2, 3));
        value.put("device", Device.cuda(1));
        value.put("cpu", Device.CPU);
        value.put("dtype", DType.BFLOAT16);
        value.put("layout", Layout.SPARSE_CSR);
        OrderedDict ordered = new OrderedDict(Map.of("k", 1L));
        ordered.attributes().put("_metadata", new OrderedDict(Map.of("", Map.of("version", 1L))));
        value.put("ordered", ordered);
        value.put("counter", new Counter(Map.of("x", 3L)));
        DefaultDict lists = new DefaultDict("builtins.list");
        lists.put("a", List.of(1L));
        value.put("defaultdict", lists);
        value.put(Tuple.of(1L, "key"), 7L);
        save("plain.pt", value);
    }

    @Test
    void numpy() throws IOException {
        Map<String, Object> value = new LinkedHashMap<>();
        for (DType dtype : List.of(
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
                DType.COMPLEX128)) {
            value.put(dtype.torchName(), NumpyArray.of(counted(2, 3).to(dtype)));
        }
        value.put("empty", NumpyArray.of(Torch.zeros(0, 2)));
        value.put("scalar_int16", new NumpyScalar("int16", 7L));
        value.put("scalar_float32", new NumpyScalar("float32", 0.5));
        value.put("scalar_bool", new NumpyScalar("bool", true));
        save("numpy.pt", value);
    }

    @Test
    void sparseMetaAndLazyViews() throws IOException {
        Tensor dense =
                Torch.tensor(new float[] {0, 1, 2, 0, 0, 3, 0, 0, 0, 0, 4, 0}).view(3, 4);
        Tensor coo = dense.toSparse();
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("coo", coo.coalesce());
        value.put(
                "uncoalesced",
                Torch.sparseCooTensor(
                        Torch.tensor(new long[] {0, 0, 1, 1}).view(2, 2), counted(2), new long[] {3, 4}, false));
        Tensor starts = Torch.tensor(new long[] {0, 2, 3, 4});
        Tensor columns = Torch.tensor(new long[] {1, 2, 1, 2});
        value.put("csr", Torch.sparseCsrTensor(starts, columns, counted(4).add(1), new long[] {3, 4}));
        value.put("csc", Torch.sparseCscTensor(starts, columns, counted(4).add(1), new long[] {4, 3}));
        Tensor blockStarts = Torch.tensor(new long[] {0, 1, 2});
        Tensor blockColumns = Torch.tensor(new long[] {1, 0});
        value.put("bsr", Torch.sparseBsrTensor(blockStarts, blockColumns, counted(2, 2, 2), new long[] {4, 4}));
        value.put("bsc", Torch.sparseBscTensor(blockStarts, blockColumns, counted(2, 2, 2), new long[] {4, 4}));
        value.put("parameter", new Parameter(coo.coalesce()));
        value.put(
                "meta",
                Torch.empty(new long[] {2, 5}, TensorOptions.of(DType.FLOAT16).device(Device.META)));
        Tensor complex = Torch.complex(counted(2, 3), counted(2, 3).add(1));
        value.put("complex", complex);
        value.put("conj", complex.conj());
        value.put("conj_turned", complex.conj().t());
        value.put("neg", (Tensor)
                Operator.find("aten::_neg_view", "").call(counted(3)).get(0));
        save("layouts.pt", value);
    }

    @Test
    void optimizers() throws IOException {
        Map<String, Object> value = new LinkedHashMap<>();
        for (String name : List.of("adamw", "sgd")) {
            Sequential net = new Sequential(new Linear(3, 2));
            net.stateDict().forEach((key, tensor) -> tensor.copy_(counted(tensor.shape())));
            Optimizer<?> optimizer = name.equals("adamw")
                    ? new AdamW(net.parameters(), o -> o.lr(0.1).amsgrad(true))
                    : new SGD(net.parameters(), o -> o.lr(0.1).momentum(0.9));
            net.call(counted(4, 3)).sum().backward();
            optimizer.step();
            value.put(name, Map.of("model", net.stateDict(), "optimizer", optimizer.stateDict()));
        }
        save("optimizers.pt", value);
    }

    /** PyTorch saves these too, as objects without a dtype, and loads them with {@code weights_only=False}. */
    @Test
    void lazyModules() throws IOException {
        StateDict state = new StateDict();
        new LazyLinear(3).stateDict().entries().forEach((key, value) -> state.putEntry("0." + key, value));
        new LazyBatchNorm1d().stateDict().entries().forEach((key, value) -> state.putEntry("1." + key, value));
        Map<?, ?> root = (Map<?, ?>) save("lazy.pt", state);
        assertTrue(assertInstanceOf(UninitializedParameter.class, root.get("0.weight"))
                .requiresGrad());
        assertTrue(assertInstanceOf(UninitializedBuffer.class, root.get("1.running_mean"))
                .isUninitialized());
        LazyLinear lazy = new LazyLinear(3);
        lazy.loadStateDict(Checkpoint.load(FOLDER.resolve("lazy.pt"))
                .stateDict()
                .filter(key -> key.startsWith("0."))
                .stripPrefix("0."));
        assertTrue(lazy.hasUninitializedParams());
        Path copy = Checkpoint.convert(FOLDER.resolve("lazy.pt"), FOLDER.resolve("lazy_converted.pt"));
        assertEquals(
                List.copyOf(root.keySet()),
                List.copyOf(Checkpoint.load(copy).stateDict().keySet()));
    }

    @Test
    void safetensors() throws IOException {
        Map<String, Tensor> value = new LinkedHashMap<>();
        value.put("b.weight", counted(3, 4));
        value.put("a.turned", counted(3, 4).t());
        value.put("half", counted(5).to(DType.BFLOAT16));
        value.put("count", Torch.arange(3));
        value.put("flag", counted(4).to(DType.BOOL));
        value.put("empty", Torch.zeros(0, 2));
        value.put("scalar", counted().add(2.5));
        Checkpoint.saveSafetensors(FOLDER.resolve("one.safetensors"), value, Map.of("format", "pt", "note", "größe ✓"));
        Path index = Checkpoint.saveSharded(FOLDER.resolve("model.safetensors"), value, Map.of("format", "pt"), 60);
        assertEquals("model.safetensors.index.json", index.getFileName().toString());
        assertEquals(value.keySet(), Checkpoint.load(index).stateDict().keySet());
    }
}
