package org.jtorch.serialize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.state.StateDict;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.Limits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The options for loading: devices, dtypes, keys, and the others. */
class LoadOptionsTest {

    @TempDir
    Path folder;

    private static StateDict load(String name, Consumer<LoadOptions> options) {
        return Checkpoint.load(Recorded.file(name), options).stateDict();
    }

    @ParameterizedTest
    @ValueSource(strings = {"state_dict.pt", "state_dict_legacy.pt", "model.safetensors", "recompressed.pt"})
    void fromStreamsAndBuffers(String name) throws IOException {
        byte[] bytes = Files.readAllBytes(Recorded.file(name));
        StateDict expected = Checkpoint.load(Recorded.file(name)).stateDict();
        ByteBuffer direct =
                ByteBuffer.allocateDirect(bytes.length + 6).position(3).put(bytes);
        direct.limit(direct.position()).position(3);
        InputStream slow = new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] to, int offset, int length) {
                return super.read(to, offset, Math.min(length, 100));
            }
        };
        for (StateDict actual : List.of(
                Checkpoint.load(ByteBuffer.wrap(bytes)).stateDict(),
                Checkpoint.load(direct).stateDict(),
                Checkpoint.load(slow).stateDict())) {
            assertEquals(List.copyOf(expected.keySet()), List.copyOf(actual.keySet()));
            assertEquals(expected.metadata(), actual.metadata());
            expected.forEach(
                    (key, tensor) -> assertEquals(Recorded.sha256(tensor), Recorded.sha256(actual.get(key)), key));
        }
        assertEquals(3, direct.position());
    }

    @Test
    void brokenStreamsAndBuffers() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the line is dead");
            }
        };
        assertEquals(
                "stream: cannot be read: the line is dead",
                assertThrows(CheckpointException.class, () -> Checkpoint.load(broken))
                        .getMessage());
        CheckpointException empty =
                assertThrows(CheckpointException.class, () -> Checkpoint.load(ByteBuffer.allocate(0)));
        assertTrue(empty.getMessage().startsWith("buffer: is empty"), empty.getMessage());
    }

    @Test
    void asAnotherType() {
        StateDict half = load("state_dict.pt", o -> o.dtype(DType.BFLOAT16));
        StateDict whole = load("state_dict.pt", o -> {});
        assertEquals(DType.BFLOAT16, half.get("encoder.0.weight").dtype());
        assertEquals(DType.INT64, half.get("encoder.1.num_batches_tracked").dtype());
        assertEquals(
                Recorded.sha256(whole.get("encoder.0.weight").to(DType.BFLOAT16)),
                Recorded.sha256(half.get("encoder.0.weight")));
        assertThrows(IllegalArgumentException.class, () -> load("state_dict.pt", o -> o.dtype(DType.INT64)));
    }

    /** Views of one storage are so after it was converted, with the strides that they had. */
    @Test
    void viewsOfWhatWasConverted() {
        StateDict before = load("views.pt", o -> {});
        StateDict after = load("views.pt", o -> o.dtype(DType.FLOAT64));
        before.forEach((key, tensor) -> {
            assertArrayEquals(tensor.strides(), after.get(key).strides(), key);
            assertEquals(tensor.storageOffset(), after.get(key).storageOffset(), key);
            assertEquals(Recorded.sha256(tensor.to(DType.FLOAT64)), Recorded.sha256(after.get(key)), key);
        });
        assertEquals(Recorded.storageId(after.get("base")), Recorded.storageId(after.get("t")));
        after.get("base").fill_(3);
        assertEquals(3, after.get("row").select(0, 0).item());
    }

    @Test
    void parametersOnAnotherDevice() {
        StateDict there = load("parameters.pt", o -> o.mapLocation(Device.META));
        assertEquals(Device.META, there.get("p").device());
        assertTrue(there.get("p") instanceof org.jtorch.nn.Parameter);
        assertTrue(there.get("p").requiresGrad());
        assertFalse(there.get("frozen").requiresGrad());
        assertEquals(
                Device.CPU,
                load("parameters.pt", o -> o.mapLocation(Map.of("cuda:0", Device.META)))
                        .get("p")
                        .device());
        assertEquals(
                Device.META,
                load("parameters.pt", o -> o.mapLocation(Map.of("cpu", Device.META)))
                        .get("p")
                        .device());
        Set<String> asked = new HashSet<>();
        Tensor p = load(
                        "parameters.pt",
                        o -> o.mapLocation(location -> {
                            asked.add(location);
                            return null;
                        }))
                .get("p");
        assertEquals(Set.of("cpu"), asked);
        assertEquals(Device.CPU, p.device());
    }

    @Test
    void sparseAndConjugateOnesAreConvertedToo() {
        StateDict sparse = load("more/sparse_more.pt", o -> o.dtype(DType.FLOAT64));
        StateDict plain = load("more/sparse_more.pt", o -> {});
        for (String key : List.of("csr", "hybrid", "bsc")) {
            assertEquals(DType.FLOAT64, sparse.get(key).dtype(), key);
            assertEquals(
                    Recorded.sha256(plain.get(key).toDense().to(DType.FLOAT64)),
                    Recorded.sha256(sparse.get(key).toDense()),
                    key);
        }
        assertEquals(DType.INT64, sparse.get("integers").dtype());
        assertEquals(
                DType.COMPLEX64,
                load("more/conj_neg.pt", o -> o.dtype(DType.FLOAT64))
                        .get("conj")
                        .dtype());
    }

    @ParameterizedTest
    @CsvSource({
        "state_dict.pt, encoder.1., 5",
        "state_dict_legacy.pt, encoder.1., 5",
        "model.safetensors, encoder.1., 5",
        "torchscript.pt, encoder.1., 5",
        "sharded/model.safetensors.index.json, encoder.1., 5",
        "whole_model.pt, encoder.1., 5"
    })
    void someKeys(String name, String prefix, int count) {
        StateDict some = load(name, o -> o.keys(key -> key.startsWith(prefix)));
        assertEquals(count, some.size(), some.keySet().toString());
        assertTrue(
                some.keySet().stream().allMatch(key -> key.startsWith(prefix)),
                some.keySet().toString());
    }

    @Test
    void keysFurtherInside() {
        Checkpoint some = Checkpoint.load(
                Recorded.file("training.pt"), o -> o.keys(key -> key.startsWith("model_state_dict.encoder.0.")));
        assertEquals(
                Set.of("encoder.0.weight", "encoder.0.bias"),
                some.at("model_state_dict").stateDict().keySet());
        assertEquals(3L, some.at("epoch").root());
        assertEquals(Map.of(), some.at("optimizer_state_dict").at("state").at(0).root());
        // in a list, its place stays
        Path file = folder.resolve("list.pt");
        Checkpoint.save(file, List.of(Torch.ones(1), Torch.ones(2)));
        List<?> list = (List<?>) Checkpoint.load(file, o -> o.keys("1"::equals)).root();
        assertNull(list.get(0));
        assertEquals(2, ((Tensor) list.get(1)).numel());
    }

    /** What is not wanted is not touched: its bytes may be damaged, and its shard missing. */
    @Test
    void onlyThoseBytes() throws IOException {
        byte[] archive = Files.readAllBytes(Recorded.file("recompressed.pt"));
        RawZip zip = RawZip.of(archive);
        byte[] damaged = zip.bytes();
        int at = zip.dataOffset("data/1");
        damaged[at + 5] ^= 0x55;
        damaged[at + 6] ^= 0x55;
        Path file = Files.write(folder.resolve("damaged.pt"), damaged);
        assertThrows(CheckpointException.class, () -> Checkpoint.load(file));
        assertEquals(
                11,
                Checkpoint.load(file, o -> o.keys(key -> !key.equals("encoder.0.weight")))
                        .stateDict()
                        .size());
        assertEquals(12, Checkpoint.open(file).tensors().size());

        Path index = folder.resolve("model.safetensors.index.json");
        Files.copy(Recorded.file("sharded/model.safetensors.index.json"), index);
        Path second = Recorded.file("sharded/model-00002-of-00002.safetensors");
        Files.copy(second, folder.resolve(second.getFileName()));
        CheckpointException missing = assertThrows(CheckpointException.class, () -> Checkpoint.load(index));
        assertTrue(
                missing.getMessage().contains("shard model-00001-of-00002.safetensors: no such file"),
                missing.getMessage());
        Set<String> there = Checkpoint.open(second).tensors().keySet();
        assertEquals(
                there,
                Checkpoint.load(index, o -> o.keys(there::contains)).stateDict().keySet());
    }

    @Test
    void copies() throws IOException {
        Path file = folder.resolve("copied.pt");
        Files.copy(Recorded.file("state_dict.pt"), file);
        StateDict copied = Checkpoint.load(file, o -> o.mmap(false)).stateDict();
        StateDict byDefault = Checkpoint.load(file).stateDict();
        StateDict mapped = Checkpoint.load(file, o -> o.mmap(true)).stateDict();
        // another program writes over the file, which mapped tensors see and copies do not, as of a small file by
        // default
        byte[] bytes = Files.readAllBytes(file);
        RawZip zip = RawZip.of(bytes);
        java.util.Arrays.fill(bytes, zip.dataOffset("data/1"), zip.dataOffset("data/1") + 384, (byte) 0);
        try (var channel = java.nio.channels.FileChannel.open(file, java.nio.file.StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), 0);
        }
        assertEquals(0, mapped.get("encoder.0.weight").abs().sum().item());
        assertNotEquals(0, copied.get("encoder.0.weight").abs().sum().item());
        assertNotEquals(0, byDefault.get("encoder.0.weight").abs().sum().item());
    }

    // --- zips of checkpoints -----------------------------------------------------------------------------------

    private Path zipped(String... names) throws IOException {
        Path file = folder.resolve("zipped.bin");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry("folder/" + Path.of(name).getFileName()));
                Files.copy(Recorded.file(name), zip);
            }
        }
        return file;
    }

    @ParameterizedTest
    @ValueSource(strings = {"state_dict.pt", "state_dict_legacy.pt", "model.safetensors", "torchscript.pt"})
    void insideOfAZip(String name) throws IOException {
        StateDict expected = Checkpoint.load(Recorded.file(name)).stateDict();
        Checkpoint inside = Checkpoint.load(zipped(name));
        assertEquals(Checkpoint.load(Recorded.file(name)).format(), inside.format());
        expected.forEach((key, tensor) -> assertEquals(
                Recorded.sha256(tensor), Recorded.sha256(inside.stateDict().get(key)), key));
    }

    @Test
    void shardsInsideOfAZip() throws IOException {
        Path file = zipped(
                "sharded/model-00001-of-00002.safetensors",
                "sharded/model-00002-of-00002.safetensors",
                "sharded/model.safetensors.index.json");
        assertEquals(12, Checkpoint.load(file).stateDict().size());
        Path without = zipped("sharded/model-00001-of-00002.safetensors", "sharded/model.safetensors.index.json");
        CheckpointException e = assertThrows(CheckpointException.class, () -> Checkpoint.load(without));
        assertTrue(e.getMessage().contains("no entry 'folder/model-00002-of-00002.safetensors'"), e.getMessage());
    }

    /** Each of these repacked by a zip tool: TorchScript archives are zips as well. */
    @Test
    void aRecompressedTorchScriptArchive() throws IOException {
        Path file = folder.resolve("recompressed.pt");
        try (ZipFile from = new ZipFile(Recorded.file("torchscript.pt").toFile());
                ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(file))) {
            for (ZipEntry entry : Collections.list(from.entries())) {
                to.putNextEntry(new ZipEntry(entry.getName()));
                from.getInputStream(entry).transferTo(to);
            }
        }
        StateDict expected = Checkpoint.load(Recorded.file("torchscript.pt")).stateDict();
        StateDict actual = Checkpoint.load(file).stateDict();
        expected.forEach((key, tensor) -> assertEquals(Recorded.sha256(tensor), Recorded.sha256(actual.get(key)), key));
    }

    private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
    }

    /** The files that the Finder of macOS adds to an archive. */
    private static void addForMac(ZipOutputStream zip, String name) throws IOException {
        add(zip, name, new byte[] {0, 5, 22, 7, 0, 2, 0, 0});
    }

    /** "Compress" of the Finder: deflated, with data descriptors and additional files of macOS. */
    @ParameterizedTest
    @ValueSource(strings = {"state_dict.pt", "state_dict_legacy.pt", "model.safetensors"})
    void aFileCompressedOnMacOs(String name) throws IOException {
        Path file = folder.resolve("mac.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            addForMac(zip, "__MACOSX/._" + name);
            add(zip, "folder/", new byte[0]);
            addForMac(zip, "folder/.DS_Store");
            add(zip, "folder/" + name, Files.readAllBytes(Recorded.file(name)));
            addForMac(zip, "__MACOSX/folder/._" + name);
        }
        StateDict expected = Checkpoint.load(Recorded.file(name)).stateDict();
        StateDict actual = Checkpoint.load(file).stateDict();
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((key, tensor) -> assertEquals(Recorded.sha256(tensor), Recorded.sha256(actual.get(key)), key));
        assertEquals(expected.size(), Checkpoint.check(file, o -> {}).tensors());
    }

    @Test
    void anUnpackedFileCompressedOnMacOs() throws IOException {
        Path file = folder.resolve("mac.pt");
        try (ZipFile from = new ZipFile(Recorded.file("state_dict.pt").toFile());
                ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(file))) {
            addForMac(to, "__MACOSX/._state_dict");
            addForMac(to, "state_dict/.DS_Store");
            for (ZipEntry entry : Collections.list(from.entries())) {
                add(to, entry.getName(), from.getInputStream(entry).readAllBytes());
                addForMac(to, "__MACOSX/" + entry.getName().replaceFirst("([^/]+)$", "._$1"));
            }
        }
        StateDict expected = Checkpoint.load(Recorded.file("state_dict.pt")).stateDict();
        StateDict actual = Checkpoint.load(file).stateDict();
        expected.forEach((key, tensor) -> assertEquals(Recorded.sha256(tensor), Recorded.sha256(actual.get(key)), key));
    }

    // --- limits ------------------------------------------------------------------------------------------------

    private static String refusal(String name, Consumer<Limits> limits) {
        return assertThrows(CheckpointException.class, () -> load(name, o -> o.limits(limits)))
                .getMessage();
    }

    @Test
    void limits() {
        assertTrue(refusal("training.pt", l -> l.nesting(2)).contains("more than 2 deep"));
        assertTrue(refusal("training.pt", l -> l.memo(10)).contains("remembers more than 10 values"));
        assertTrue(refusal("containers.pt", l -> l.stringBytes(100)).contains("at most 100 are read"));
        assertTrue(refusal("more/protocol4.pt", l -> l.intBytes(8)).contains("at most 8 are read"));
        assertTrue(refusal("more/keys.pt", l -> l.keyValues(2)).contains("a key of more than 2 values"));
        assertTrue(refusal("state_dict.pt", l -> l.pickleBytes(100)).contains("at most 100 are read"));
        assertTrue(refusal("state_dict.pt", l -> l.numel(50)).contains("more than 50 elements"));
        assertTrue(refusal("views.pt", l -> l.stack(3)).contains("more than 3 values on its stack"));
        assertThrows(IllegalArgumentException.class, () -> new Limits().nesting(0));
    }

    @Test
    void deeperThanUsual() throws IOException {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.write(new byte[] {(byte) 0x80, 2});
        pickle.writeBytes("]".repeat(5000).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        pickle.writeBytes("a".repeat(4999).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        pickle.write('.');
        Path file = folder.resolve("deep.pt");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("deep/data.pkl"));
            zip.write(pickle.toByteArray());
        }
        assertThrows(CheckpointException.class, () -> Checkpoint.load(file));
        assertTrue(Checkpoint.load(file, o -> o.limits(l -> l.nesting(6000))).root() instanceof List);
    }
}
