package org.jtorch.serialize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Size;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.state.StateDict;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.python.Complex;
import org.jtorch.serialize.python.Counter;
import org.jtorch.serialize.python.DefaultDict;
import org.jtorch.serialize.python.FrozenSet;
import org.jtorch.serialize.python.NumpyScalar;
import org.jtorch.serialize.python.OrderedDict;
import org.jtorch.serialize.python.PythonGlobal;
import org.jtorch.serialize.python.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is what PyTorch writes, and reads back as what it was. */
class SaveTest {

    @TempDir
    Path folder;

    /** A stream gets the bytes of a file of the name that PyTorch gives streams, and stays open. */
    @Test
    void streamsAreWritten() throws IOException {
        StateDict state = new Linear(3, 2).stateDict();
        Path file = folder.resolve("archive.pt");
        Checkpoint.save(file, state);
        var stream = new ByteArrayOutputStream();
        Checkpoint.save(stream, state);
        assertArrayEquals(Files.readAllBytes(file), stream.toByteArray());
        CheckpointException refused =
                assertThrows(CheckpointException.class, () -> Checkpoint.save(stream, new Object()));
        assertTrue(refused.getMessage().startsWith("stream: "), refused.getMessage());
    }

    @Test
    void aStreamThatFailsIsAnErrorWithItsReason() {
        var full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("the disk is full");
            }
        };
        CheckpointException failed =
                assertThrows(CheckpointException.class, () -> Checkpoint.save(full, Torch.ones(3)));
        assertEquals("stream: cannot be written: the disk is full", failed.getMessage());
    }

    /**
     * A file of PyTorch's, read and written again, is the same file to the byte, its padding and directory included: all but
     * the serialization id, a hash of PyTorch's own. Files of sparse tensors are not among them: a sparse tensor has
     * indices of its own, so a storage that held more than them is written without the rest.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "state_dict.pt",
                "batchnorm_v1.pt",
                "data_parallel.pt",
                "training.pt",
                "dtypes.pt",
                "views.pt",
                "parameters.pt",
                "cycles.pt",
                "more/keys.pt",
                "more/meta.pt"
            })
    void sameFile(String name) throws IOException {
        Path file = folder.resolve(Path.of(name).getFileName());
        Checkpoint.save(file, Checkpoint.load(Recorded.file(name)).root());
        byte[] expected = RawZip.withoutId(Files.readAllBytes(Recorded.file(name)));
        byte[] actual = RawZip.withoutId(Files.readAllBytes(file));
        assertEquals(-1, Arrays.mismatch(expected, actual));
        assertEquals(expected.length, actual.length);
    }

    static Stream<String> plainFiles() {
        return RecordedFilesTest.files().filter(name -> name.endsWith(".pt")).filter(name -> {
            JsonNode content = Recorded.expected(name).get("content");
            // an object of an unknown class has no form that could be written
            return !content.has("refused")
                    && !content.has("count")
                    && !content.toString().contains("\"object\"");
        });
    }

    /** What is read of any file can be written, and is then read as the same. */
    @ParameterizedTest
    @MethodSource("plainFiles")
    void again(String name) {
        Path file = folder.resolve("again.pt");
        Checkpoint.save(file, Checkpoint.load(Recorded.file(name)).root());
        RecordedContent.check(
                Recorded.expected(name).get("content"), Checkpoint.load(file).root(), name);
    }

    @Test
    void samePickleOfPlainValues() throws IOException {
        Map<?, ?> root =
                (Map<?, ?>) Checkpoint.load(Recorded.file("containers.pt")).root();
        Path file = folder.resolve("containers.pt");
        Checkpoint.save(file, root);
        // PyTorch has two strings 'cpu' there, one of them the device's; here they are one
        assertEquals(
                Recorded.file("containers.pt").toFile().length(),
                file.toFile().length(),
                "padding takes up the difference");
        Map<?, ?> again = (Map<?, ?>) Checkpoint.load(file).root();
        assertEquals(root.keySet(), again.keySet());
        for (Object key : root.keySet()) {
            if (root.get(key) instanceof byte[] bytes) {
                assertArrayEquals(bytes, (byte[]) again.get(key));
            } else if (!key.equals("ordered")) {
                assertEquals(root.get(key), again.get(key), String.valueOf(key));
            }
        }
    }

    @Test
    void theSameContentMakesTheSameFile() throws IOException {
        Map<String, Object> value = Map.of("w", Torch.ones(3, 4));
        Checkpoint.save(folder.resolve("a.pt"), value);
        byte[] first = Files.readAllBytes(folder.resolve("a.pt"));
        Checkpoint.save(folder.resolve("a.pt"), value);
        assertArrayEquals(first, Files.readAllBytes(folder.resolve("a.pt")));
    }

    /** Other programs' zip readers find every CRC-32 right, and each storage at a multiple of 64. */
    @Test
    void toAStream() {
        Tensor large = Torch.randn(300, 300);
        int[] closed = {0};
        ByteArrayOutputStream stream = new ByteArrayOutputStream() {
            @Override
            public void close() {
                closed[0]++;
            }
        };
        stream.write('x');
        Thread.currentThread().interrupt();
        Checkpoint.save(stream, Map.of("a", large, "b", "text"));
        assertTrue(Thread.interrupted());
        assertEquals(0, closed[0]);
        byte[] bytes = stream.toByteArray();
        assertEquals('x', bytes[0]);
        Checkpoint read = Checkpoint.load(ByteBuffer.wrap(bytes, 1, bytes.length - 1));
        assertTrue(read.getTensor("a").equal(large));
        assertEquals("text", read.getString("b"));
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("full");
            }
        };
        assertEquals(
                "stream: cannot be written: full",
                assertThrows(CheckpointException.class, () -> Checkpoint.save(full, large))
                        .getMessage());
        assertTrue(assertThrows(CheckpointException.class, () -> Checkpoint.save(stream, new Object()))
                .getMessage()
                .startsWith("stream: "));
    }

    @Test
    void aProperArchive() throws IOException {
        Path file = folder.resolve("model.v1.pt");
        Checkpoint.save(file, Map.of("a", Torch.randn(1000, 1000), "b", Torch.zeros(3), "c", Torch.zeros(0)));
        List<String> names = new ArrayList<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                names.add(entry.getName());
                try (InputStream content = zip.getInputStream(entry)) {
                    java.util.zip.CRC32 crc = new java.util.zip.CRC32();
                    crc.update(content.readAllBytes());
                    assertEquals(entry.getCrc(), crc.getValue(), entry.getName());
                }
            }
        }
        assertEquals(
                List.of(
                        "model.v1/data.pkl",
                        "model.v1/.format_version",
                        "model.v1/.storage_alignment",
                        "model.v1/byteorder",
                        "model.v1/data/0",
                        "model.v1/data/1",
                        "model.v1/data/2",
                        "model.v1/version",
                        "model.v1/.data/serialization_id"),
                names);
        RawZip raw = RawZip.of(Files.readAllBytes(file));
        for (String name : List.of("data/0", "data/1", "data/2", "data.pkl")) {
            assertEquals(0, raw.dataOffset(name) % 64, name);
        }
    }

    // --- state dicts and tensors -------------------------------------------------------------------------------

    @Test
    void stateDict() {
        StateDict state = new StateDict();
        state.put("fc.weight", new Parameter(Torch.randn(2, 3)));
        state.put("fc.bias", Torch.randn(2));
        state.metadata().put("", Map.of("version", 1));
        state.metadata().put("fc", Map.of("version", 2L));
        Path file = folder.resolve("state.pt");
        Checkpoint.save(file, state);
        Checkpoint checkpoint = Checkpoint.load(file);
        assertInstanceOf(OrderedDict.class, checkpoint.root());
        StateDict again = checkpoint.stateDict();
        assertEquals(List.of("fc.weight", "fc.bias"), List.copyOf(again.keySet()));
        assertEquals(Map.of("", Map.of("version", 1L), "fc", Map.of("version", 2L)), again.metadata());
        state.forEach((key, tensor) -> assertEquals(Recorded.sha256(tensor), Recorded.sha256(again.get(key)), key));
        assertInstanceOf(Parameter.class, again.get("fc.weight"));
        assertTrue(again.get("fc.weight").requiresGrad());
    }

    @Test
    void extraStateStandsAmongTheTensors() {
        StateDict state = new StateDict();
        state.put("0.weight", Torch.ones(2));
        state.putEntry("0._extra_state", Map.of("scale", 2.5));
        state.putEntry("1._extra_state", null);
        state.put("2.weight", Torch.ones(1));
        Path file = folder.resolve("extra.pt");
        Checkpoint.save(file, state);
        StateDict again = Checkpoint.load(file).stateDict();
        assertEquals(
                List.copyOf(state.entries().keySet()),
                List.copyOf(again.entries().keySet()));
        assertEquals(Map.of("scale", 2.5), again.entries().get("0._extra_state"));
        assertEquals(List.of("0.weight", "2.weight"), List.copyOf(again.keySet()));
        Path other = folder.resolve("extra.safetensors");
        String message = assertThrows(CheckpointException.class, () -> Checkpoint.saveSafetensors(other, state))
                .getMessage();
        assertTrue(
                message.endsWith(
                        "'0._extra_state' is not a tensor, and a safetensors file can only contain tensors: use save, or "
                                + "remove it with filter"),
                message);
    }

    @Test
    void aModuleMayHaveNothingButExtraState() {
        StateDict state = new StateDict();
        state.putEntry("_extra_state", 3L);
        Path file = folder.resolve("only.pt");
        Checkpoint.save(file, state);
        assertEquals(
                Map.of("_extra_state", 3L), Checkpoint.load(file).stateDict().entries());
    }

    @Test
    void aStateDictInsideOfOtherValues() {
        StateDict state = new StateDict();
        state.put("w", Torch.ones(2));
        state.metadata().put("", Map.of("version", 3L));
        Path file = folder.resolve("training.pt");
        Checkpoint.save(file, Map.of("model", state));
        assertEquals(
                3L,
                Checkpoint.load(file).at("model").stateDict().metadata().get("").get("version"));
    }

    @Test
    void viewsShareTheirStorageAndKeepTheirStrides() {
        Tensor base = Torch.randn(6, 8);
        Tensor row = base.select(0, 2);
        Tensor turned = base.t();
        Map<String, Tensor> value = new LinkedHashMap<>();
        value.put("row", row);
        value.put("turned", turned);
        value.put("expanded", Torch.ones(1, 3).expand(new long[] {4, 3}));
        value.put("empty", base.narrow(0, 6, 0));
        value.put("scalar", Torch.ones(new long[0]));
        Path file = folder.resolve("views.pt");
        Checkpoint.save(file, value);
        StateDict again = Checkpoint.load(file).stateDict();
        value.forEach((key, tensor) -> {
            assertArrayEquals(tensor.shape(), again.get(key).shape(), key);
            assertArrayEquals(tensor.strides(), again.get(key).strides(), key);
            assertEquals(tensor.storageOffset(), again.get(key).storageOffset(), key);
            assertEquals(Recorded.sha256(tensor), Recorded.sha256(again.get(key)), key);
        });
        assertEquals(Recorded.storageId(again.get("row")), Recorded.storageId(again.get("turned")));
        assertNotEquals(Recorded.storageId(again.get("row")), Recorded.storageId(again.get("expanded")));
    }

    @Test
    void aMappedTensorIsWrittenAgainWithoutTheRestOfItsFile() throws IOException {
        Path file = folder.resolve("two.pt");
        Checkpoint.save(file, Map.of("a", Torch.zeros(1 << 20), "b", Torch.ones(5)));
        Tensor b = Checkpoint.load(file).stateDict().get("b");
        Path small = folder.resolve("one.pt");
        Checkpoint.save(small, Map.of("b", b));
        assertTrue(Files.size(small) < 4096, () -> small.toFile().length() + " bytes");
        assertEquals(5, Checkpoint.load(small).stateDict().get("b").sum().item());
    }

    @Test
    void loadChangeAndSaveToTheSamePlace() {
        Path file = folder.resolve("model.pt");
        Checkpoint.save(file, Map.of("w", Torch.zeros(1 << 18)));
        StateDict state = Checkpoint.load(file).stateDict();
        state.get("w").fill_(2);
        Checkpoint.save(file, state);
        assertEquals(2, Checkpoint.load(file).stateDict().get("w").mean().item());
        assertEquals(2, state.get("w").mean().item());
    }

    @Test
    void everyDtypeThatPyTorchSaves() {
        Map<String, Tensor> value = new LinkedHashMap<>();
        for (DType dtype : DType.values()) {
            boolean quantized = dtype.torchName().startsWith("q");
            boolean narrow = dtype.torchName().matches("u?int[1-7]");
            if (!quantized && !narrow) {
                value.put(dtype.torchName(), Torch.empty(new long[] {3}, TensorOptions.of(dtype)));
            }
        }
        assertEquals(27, value.size());
        Path file = folder.resolve("dtypes.pt");
        Checkpoint.save(file, value);
        StateDict again = Checkpoint.load(file).stateDict();
        value.forEach((key, tensor) -> {
            assertEquals(tensor.dtype(), again.get(key).dtype());
            assertEquals(storageHex(tensor), storageHex(again.get(key)), key);
        });
    }

    private static String storageHex(Tensor tensor) {
        try (var storage = org.jtorch.UntypedStorage.of(tensor)) {
            byte[] bytes = new byte[(int) storage.nbytes()];
            storage.buffer(0, bytes.length).get(bytes);
            return java.util.HexFormat.of().formatHex(bytes);
        }
    }

    // --- plain values ------------------------------------------------------------------------------------------

    private Object again(Object value) {
        Path file = folder.resolve("value.pt");
        Checkpoint.save(file, value);
        return Checkpoint.load(file).root();
    }

    @Test
    void plainValues() {
        List<Object> values = new ArrayList<>(List.of(
                0L,
                255L,
                256L,
                65535L,
                65536L,
                -1L,
                (long) Integer.MAX_VALUE,
                (long) Integer.MIN_VALUE,
                Integer.MAX_VALUE + 1L,
                Long.MAX_VALUE,
                Long.MIN_VALUE));
        values.addAll(List.of(
                BigInteger.ONE.shiftLeft(200),
                BigInteger.ONE.shiftLeft(63),
                BigInteger.ONE.shiftLeft(5000).negate(),
                1.5,
                Double.NaN,
                -0.0,
                Double.MIN_VALUE,
                true,
                false,
                "",
                "gr\u00f6\u00dfe \u2713 \ud83d\ude00",
                "x".repeat(70_000)));
        values.addAll(List.of(
                new Complex(1, -2),
                Size.of(2, 3),
                Size.of(),
                Device.CPU,
                Device.cuda(1),
                DType.BFLOAT16,
                Tuple.EMPTY,
                Tuple.of(1L),
                Tuple.of(1L, 2L, 3L, 4L),
                Set.of(),
                new LinkedHashSet<>(List.of("a", 1L)),
                List.of(),
                List.of(List.of()),
                Map.of(),
                Map.of(Tuple.of(1L, "a"), 2L)));
        values.add(null);
        values.add(Tuple.of((Object) null));
        assertEquals(values, again(values));
    }

    @Test
    void narrowNumbersBecomePythons() {
        assertEquals(List.of(1L, 2L, 3L, 0.5), again(List.of(1, (short) 2, (byte) 3, 0.5f)));
        assertEquals(7L, again(BigInteger.valueOf(7)));
    }

    @Test
    void bytes() {
        byte[] all = new byte[256];
        for (int i = 0; i < 256; i++) {
            all[i] = (byte) i;
        }
        assertArrayEquals(all, (byte[]) again(all));
        assertArrayEquals(new byte[0], (byte[]) again(new byte[0]));
    }

    @Test
    void batchesOfAThousand() {
        for (int size : new int[] {1, 2, 999, 1000, 1001, 1002, 2000, 2001, 5000}) {
            List<Object> list = new ArrayList<>();
            Map<Object, Object> dict = new LinkedHashMap<>();
            OrderedDict ordered = new OrderedDict();
            for (int i = 0; i < size; i++) {
                list.add((long) i);
                dict.put("k" + i, (long) i);
                ordered.put((long) i, "v" + i);
            }
            assertEquals(List.of(list, dict, ordered), again(List.of(list, dict, ordered)));
        }
    }

    /** As Python's pickler ends a dict whose last batch is full: with an empty one. */
    @Test
    void aFullBatchIsFollowedByAnEmptyOne() throws IOException {
        for (int size : new int[] {999, 1000, 1001, 2000}) {
            Map<Object, Object> dict = new LinkedHashMap<>();
            for (int i = 0; i < size; i++) {
                dict.put((long) i, true);
            }
            Path file = folder.resolve("value.pt");
            Checkpoint.save(file, dict);
            byte[] archive = Files.readAllBytes(file);
            RawZip zip = RawZip.of(archive);
            int end = zip.dataOffset("data.pkl") + zip.size("data.pkl");
            String last = new String(archive, end - 4, 4, java.nio.charset.StandardCharsets.ISO_8859_1);
            assertEquals(size % 1000 == 0 ? "u(u." : "\u0088u.", last.substring(size % 1000 == 0 ? 0 : 1), "" + size);
            assertEquals(dict, Checkpoint.load(file).root());
        }
    }

    @Test
    void theSameObjectStaysTheSame() {
        List<Object> shared = new ArrayList<>(List.of(1L));
        Tensor tensor = Torch.ones(2);
        List<?> result = (List<?>) again(List.of(shared, shared, tensor, tensor, Tuple.of(shared, tensor)));
        assertSame(result.get(0), result.get(1));
        assertSame(result.get(2), result.get(3));
        assertSame(result.get(0), ((Tuple) result.get(4)).get(0));
    }

    @Test
    void valuesThatHoldThemselves() {
        Map<String, Object> dict = new LinkedHashMap<>();
        dict.put("self", dict);
        Map<?, ?> sameDict = (Map<?, ?>) again(dict);
        assertSame(sameDict, sameDict.get("self"));
        for (int length : new int[] {1, 4}) {
            List<Object> list = new ArrayList<>();
            Object[] elements = new Object[length];
            elements[0] = list;
            Tuple tuple = Tuple.of(elements);
            list.add(tuple);
            Tuple same = (Tuple) again(tuple);
            assertSame(same, ((List<?>) same.get(0)).get(0));
        }
    }

    @Test
    void aStateDictThatIsMetTwice() {
        StateDict state = new StateDict(Map.of("w", Torch.ones(2)));
        Map<?, ?> read = (Map<?, ?>) again(Map.of("model", state, "all", List.of(state, new StateDict(state))));
        List<?> all = (List<?>) read.get("all");
        assertSame(read.get("model"), all.get(0));
        assertNotSame(read.get("model"), all.get(1));
    }

    // --- what cannot be written --------------------------------------------------------------------------------

    /** A name that promises another format. */
    @Test
    void aNameThatEndsWithSafetensors() {
        Path file = folder.resolve("m.safetensors");
        CheckpointException e =
                assertThrows(CheckpointException.class, () -> Checkpoint.save(file, Map.of("w", Torch.ones(1))));
        assertEquals(
                file + ": save writes the format of torch.save, which programs do not expect under this name: use"
                        + " saveSafetensors, or a name that ends with .pt",
                e.getMessage());
        assertTrue(Files.notExists(file));
    }

    @Test
    void refused() {
        assertRefused(new Object(), "java.lang.Object cannot be written to a checkpoint");
        assertRefused(new long[] {1}, "a long[] cannot be written to a checkpoint");
        assertRefused("\ud800", "surrogate");
        assertRefused(new NumpyScalar("str", "a"), "no type of numbers called 'str'");
        assertRefused(new NumpyScalar("int8", 1.5), "a numpy int8 cannot be 1.5, a Double");
        assertRefused(
                new PythonGlobal("os.system"), "os.system is only a record from another file, which cannot be written");
        List<Object> deep = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            deep = new ArrayList<>(List.of(deep));
        }
        assertRefused(deep, "1000 deep");
        Tensor bytes = Torch.zeros(new long[] {8}, TensorOptions.of(DType.UINT8));
        assertRefused(List.of(bytes, bytes.view(DType.FLOAT32)), "clone() one of them");
    }

    /** What would be lost, or could not be read: by the place in what is saved, and by its value. */
    @Test
    void refusedKeys() {
        assertRefused(
                Map.of("a", List.of(1L, Map.of(List.of(1L), 2L))),
                "at 'a.1': a java.util.ImmutableCollections$List12 cannot be a key of a dict in Python");
        assertRefused(
                Map.of("a", Map.of(Map.of(), 2L)), "at 'a': a java.util.ImmutableCollections$MapN cannot be a key");
        assertRefused(
                Map.of(Set.of(1L), 2L), "cannot be a key of a dict in Python: use a String, a number, or a Tuple");
        assertRefused(Map.of(new long[] {1}, 2L), "a long[] cannot be a key");
        assertRefused(Map.of(Torch.ones(1), 2L), "a org.jtorch.Tensor cannot be a key");
        assertRefused(Map.of(Tuple.of(1L, List.of()), 2L), "cannot be a key");
        assertRefused(
                Map.of("s", Set.of(List.of())), "at 's': a java.util.ImmutableCollections$ListN cannot be a member");
        assertRefused(
                new FrozenSet(List.of(new LinkedHashMap<>())), "a java.util.LinkedHashMap cannot be a member of a set");
        Tuple large = Tuple.of(Collections.nCopies(1001, 1L).toArray());
        assertRefused(Map.of(large, 1L), "a key of more than 1000 values");
    }

    static Stream<Arguments> equalKeys() {
        Object[][] pairs = {
            {1L, 1},
            {1L, true},
            {0L, false},
            {1.0, 1L},
            {1.0f, 1.0},
            {1.0, true},
            {-0.0, 0.0},
            {-0.0, 0L},
            {1e300, new BigDecimal(1e300).toBigInteger()},
            {BigInteger.ONE, 1L},
            {new Complex(2, 0), 2L},
            {new Complex(2, -0.0), new Complex(2, 0.0)},
            {new Complex(-0.0, 1), new Complex(0.0, 1)},
            {new NumpyScalar("int8", 3L), 3L},
            {new NumpyScalar("float32", 0.1), (double) 0.1f},
            {new byte[] {1}, new byte[] {1}},
            {new byte[] {1}, ByteBuffer.wrap(new byte[] {1})},
            {Tuple.of(1L, 2L), Size.of(1, 2)},
            {Tuple.of(1L, "a"), Tuple.of(true, "a")},
            {new FrozenSet(List.of(1L)), new FrozenSet(List.of(1.0))},
        };
        return Stream.of(pairs).map(pair -> Arguments.of(pair[0], pair[1]));
    }

    @ParameterizedTest
    @MethodSource("equalKeys")
    void keysThatAreOneInPython(Object first, Object second) {
        for (Map<Object, Object> map :
                List.of(new LinkedHashMap<>(), new OrderedDict(), new DefaultDict(null), new Counter())) {
            map.put(first, 1L);
            map.put(second, 2L);
            assertRefused(Map.of("m", List.of(map)), "at 'm.0': a dict has the keys ");
            assertRefused(map, ", which are equal in Python: keep one of them");
        }
        Set<Object> set = new LinkedHashSet<>(Arrays.asList(first, second));
        assertRefused(Map.of("s", set), "at 's': a set has the members ");
        assertRefused(new FrozenSet(set), "a set has the members ");
    }

    @Test
    void stringsThatAreOneInPython() {
        Map<Object, Object> map = new IdentityHashMap<>();
        map.put("a", 1L);
        map.put(String.valueOf(new char[] {'a'}), 2L);
        assertRefused(map, "a dict has the keys a (String) and a (String)");
    }

    @Test
    void keysThatAreTwoInPython() {
        Map<Object, Object> map = new LinkedHashMap<>();
        List<Object> keys = Arrays.asList(
                null,
                "1",
                1L,
                1.5,
                Double.NaN,
                Double.POSITIVE_INFINITY,
                new Complex(1, 1),
                new Complex(Double.NaN, 0),
                ByteBuffer.wrap(new byte[] {49}),
                Tuple.of(1L),
                Tuple.of("1"),
                new FrozenSet(List.of(1L)),
                BigInteger.ONE.shiftLeft(80),
                1e300,
                DType.FLOAT32,
                Device.CPU);
        keys.forEach(key -> map.put(key, 1L));
        assertEquals(new ArrayList<>(map.keySet()), new ArrayList<>(((Map<?, ?>) again(map)).keySet()));
        assertEquals(new LinkedHashSet<>(keys), again(new LinkedHashSet<>(keys)));
    }

    @Test
    void halfOfASurrogatePair() {
        assertRefused(
                Map.of("a", List.of("x\ud83d")), "at 'a.0': the string 'x\\ud83d' contains half of a surrogate pair");
        assertRefused(Map.of("a", Map.of("\udc00", 1L)), "at 'a': the string '\\udc00' contains half");
        assertRefused(Map.of("a", Tuple.of(1L, Tuple.of("\udc00\ud83d"))), "at 'a.1.0': the string");
        Path file = folder.resolve("half.safetensors");
        Map<String, Tensor> one = Map.of("w", Torch.ones(1));
        for (Runnable save : List.<Runnable>of(
                () -> Checkpoint.saveSafetensors(file, Map.of("w\ud83d", Torch.ones(1))),
                () -> Checkpoint.saveSafetensors(file, one, Map.of("w\ud83d", "a")),
                () -> Checkpoint.saveSafetensors(file, one, Map.of("a", "w\ud83d")),
                () -> Checkpoint.saveSharded(file, Map.of("a", Torch.ones(1), "w\ud83d", Torch.ones(1)), Map.of(), 4),
                () -> Checkpoint.saveSharded(file, one, Map.of("a", "w\ud83d"), 4))) {
            CheckpointException e = assertThrows(CheckpointException.class, save::run);
            assertTrue(e.getMessage().contains("'w\\ud83d', contains half of a surrogate pair"), e.getMessage());
        }
        assertArrayEquals(new String[0], folder.toFile().list());
    }

    /** What has a state dict says so. */
    @Test
    void modules() {
        Linear linear = new Linear(2, 3);
        String reason = "a org.jtorch.nn.linear.Linear cannot be written to a checkpoint: save its stateDict()";
        assertRefused(linear, reason);
        assertRefused(Map.of("model", linear), "at 'model': " + reason);
        assertRefused(Map.of("all", List.of(1L, linear)), "at 'all.1': " + reason);
        assertRefused(Map.of(linear, 1L), "Linear cannot be a key of a dict");
    }

    @Test
    void theFactoryOfADefaultDict() {
        for (String factory : new String[] {"", "list", "a.b\nc.d", "a b.c", "os.", "\u00e4.b"}) {
            assertRefused(Map.of("d", new DefaultDict(factory)), "at 'd': a defaultdict has the factory '");
        }
    }

    private void assertRefused(Object value, String reason) {
        Path file = folder.resolve("refused.pt");
        TorchException e = assertThrows(CheckpointException.class, () -> Checkpoint.save(file, value));
        assertTrue(e.getMessage().contains(reason), e.getMessage());
        assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
        assertTrue(Files.notExists(file));
    }
}
