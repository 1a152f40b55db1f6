package org.jtorch.distributed.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.serialize.Checkpoint;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.UnknownClassException;
import org.jtorch.serialize.internal.distributed.FolderIndex;
import org.jtorch.serialize.internal.distributed.FolderIndex.Chunk;
import org.jtorch.serialize.internal.distributed.FolderIndex.Parts;
import org.jtorch.serialize.internal.distributed.FolderIndex.Place;
import org.jtorch.serialize.internal.distributed.FolderIndex.Whole;
import org.jtorch.serialize.internal.distributed.IndexWriter;
import org.jtorch.serialize.python.Tuple;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that are damaged or made to do harm are refused within a second, with a message that names the file and the key. */
class HostileFoldersTest {

    private static final String FILE = "__0_0.distcp";

    @TempDir
    Path folder;

    private long length;

    @BeforeAll
    static void startEngine() {
        assertEquals(2, Torch.ones(2).sum().item());
    }

    /** A file with a tensor of the shape [4] at byte 0. */
    @BeforeEach
    void oneTensor() throws IOException {
        length = put(FILE, archive(Torch.ones(4)));
    }

    private long put(String name, byte[] bytes) throws IOException {
        Files.write(folder.resolve(name), bytes);
        return bytes.length;
    }

    private static byte[] archive(@Nullable Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Checkpoint.save(bytes, value);
        return bytes.toByteArray();
    }

    private static long[] at(long... values) {
        return values;
    }

    private Chunk chunk(long[] offsets, long[] sizes) {
        return new Chunk(offsets, sizes, new Place(FILE, 0, length));
    }

    private Parts tensor(long... shape) {
        return new Parts(DType.FLOAT32, shape, List.of(chunk(new long[shape.length], shape)));
    }

    private Parts at(Place place) {
        return new Parts(DType.FLOAT32, at(4), List.of(new Chunk(at(0), at(4), place)));
    }

    private void index(Map<String, FolderIndex.Item> items, Map<String, Tuple> paths) throws IOException {
        ByteBuffer bytes = IndexWriter.write(new FolderIndex(items, paths));
        byte[] array = new byte[bytes.remaining()];
        bytes.get(array);
        put(".metadata", array);
    }

    private void refused(String message, FolderIndex.Item item) throws IOException {
        index(Map.of("w", item), Map.of());
        refused(message);
    }

    private void refused(String message) {
        CheckpointException e = assertTimeoutPreemptively(
                Duration.ofSeconds(1),
                () -> assertThrows(CheckpointException.class, () -> DistributedCheckpoint.load(folder)));
        assertTrue(e.getMessage().startsWith(folder.toString()), e.getMessage());
        assertTrue(e.getMessage().contains(message), e.getMessage());
        assertThrows(CheckpointException.class, () -> Checkpoint.check(folder, o -> {}));
    }

    @Test
    void theFolderItselfIsRead() throws IOException {
        index(Map.of("w", tensor(4)), Map.of("w", Tuple.of("a", 1L)));
        Checkpoint read = DistributedCheckpoint.load(folder);
        assertEquals(4, ((Tensor) read.getList("a").get(1)).sum().item());
    }

    @Test
    void filesOutsideOfTheFolder() throws IOException {
        for (String name : List.of(
                "../x.distcp", "/etc/passwd", "a/../../x", "..", "", "a//b", "..\\x", "C:x", "x\0y", "./x", "/")) {
            refused("which is not inside of the folder", at(new Place(name, 0, length)));
        }
    }

    @Test
    void placesOutsideOfTheFile() throws IOException {
        refused(
                "'w' in " + FILE + ": has " + length + " bytes, but the index refers to",
                at(new Place(FILE, 8, length)));
        refused("'w' in " + FILE + ": has " + length, at(new Place(FILE, 1L << 40, 100)));
        refused("'w' would be", at(new Place(FILE, -8, length)));
        refused("'w' would be", at(new Place(FILE, 0, -1)));
        refused("'w' would be", at(new Place(FILE, Long.MAX_VALUE, Long.MAX_VALUE)));
        refused("'w' in __1_0.distcp: no such file", at(new Place("__1_0.distcp", 0, length)));
        refused("'w' in " + FILE + ": the file is truncated", at(new Place(FILE, 0, length - 1)));
        refused("'w' in " + FILE, at(new Place(FILE, 1, length - 1)));
        Files.createDirectory(folder.resolve("inner"));
        refused("'w' in inner: is a folder", at(new Place("inner", 0, length)));
    }

    @Test
    void partsThatAreNotTheWhole() throws IOException {
        refused(
                "is not complete: its 1 part has 4 of its 5 elements",
                new Parts(DType.FLOAT32, at(5), List.of(chunk(at(0), at(4)))));
        refused("is not complete: its 0 parts have 0 of its 5 elements", new Parts(DType.FLOAT32, at(5), List.of()));
        refused(
                "a part of shape [4] at [2], which is outside of it",
                new Parts(DType.FLOAT32, at(5), List.of(chunk(at(2), at(4)))));
        refused("which is outside of it", new Parts(DType.FLOAT32, at(5), List.of(chunk(at(-1), at(4)))));
        refused("which is outside of it", new Parts(DType.FLOAT32, at(5), List.of(chunk(at(1), at(Long.MAX_VALUE)))));
        refused("which is outside of it", new Parts(DType.FLOAT32, at(5), List.of(chunk(at(0, 0), at(4, 1)))));
        Place second = new Place("__1_0.distcp", 0, length);
        refused(
                "a part of shape [3] at [0] and a part of shape [3] at [2], which overlap",
                new Parts(DType.FLOAT32, at(5), List.of(chunk(at(0), at(3)), new Chunk(at(2), at(3), second))));
    }

    @Test
    void sizesThatAreNotPossible() throws IOException {
        refused("elements", tensor(1L << 40, 1L << 40));
        refused("elements", tensor(Long.MAX_VALUE, Long.MAX_VALUE, 2));
        refused("elements", tensor(1L << 62));
        refused("has the shape [-1]", tensor(-1));
        // few bytes for many elements
        refused(
                "'w' in " + FILE + ": a part of shape [1099511627776] at [0] of torch.float32 would be in " + length
                        + " bytes",
                tensor(1L << 40));
        refused("and shape [4], but a part of torch.float32 and shape [2, 2]", tensor(2, 2));
        refused(
                "but a part of torch.float64 and shape [4]",
                new Parts(DType.FLOAT64, at(4), List.of(chunk(at(0), at(4)))));
        length = put(FILE, archive(Torch.ones(1).expand(1 << 20)));
        refused("would be in " + length + " bytes", tensor(1 << 20));
        length = put(FILE, archive("text"));
        refused("'w' in " + FILE + ": is not a dense tensor", tensor(4));
        length = put(FILE, archive(Torch.eye(4).toSparse()));
        refused("'w' in " + FILE + ": is not a dense tensor", tensor(4, 4));
    }

    /** Each of a million values would be the same tensor. */
    @Test
    void manyValuesInTheSameBytes() throws IOException {
        Map<String, FolderIndex.Item> items = new LinkedHashMap<>();
        items.put("a", tensor(4));
        items.put("b", tensor(4));
        index(items, Map.of());
        refused("'a' and 'b' are in the same bytes of " + FILE);
        Parts twice = new Parts(
                DType.FLOAT32,
                at(4),
                List.of(
                        new Chunk(at(0), at(2), new Place(FILE, 0, length)),
                        new Chunk(at(2), at(2), new Place(FILE, 4, 8))));
        refused("'w' and 'w' are in the same bytes", twice);
    }

    /** Parts that are beside each other along the longest dimension. */
    @Test
    void manyParts() throws IOException {
        List<Chunk> chunks = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            chunks.add(new Chunk(at(0, i), at(100_000, 1), new Place(FILE, i * 400_000L, 400_000)));
        }
        refused("has 5000 parts, more than any checkpoint", new Parts(DType.FLOAT32, at(100_000, 5_000), chunks));
    }

    @Test
    void deflatedTensors() throws IOException {
        length = put(FILE, deflated(archive(Torch.zeros(1 << 24))));
        refused("'w' in " + FILE + ": a part of shape [16777216] at [0] of torch.float32 would be in", tensor(1 << 24));
        length = put(FILE, deflated(archive(Torch.zeros(1 << 24).narrow(0, 0, 4))));
        refused("'w' in " + FILE + ": is compressed or expanded", tensor(4));
    }

    private byte[] deflated(byte[] archive) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        Path plain = Files.write(folder.resolve("plain"), archive);
        try (ZipFile from = new ZipFile(plain.toFile());
                ZipOutputStream to = new ZipOutputStream(packed)) {
            for (ZipEntry entry : java.util.Collections.list(from.entries())) {
                to.putNextEntry(new ZipEntry(entry.getName()));
                from.getInputStream(entry).transferTo(to);
            }
        }
        return packed.toByteArray();
    }

    @Test
    void placesInTheNestedState() throws IOException {
        index(Map.of("w", tensor(4)), Map.of("w", Tuple.of("list", 1L << 40)));
        refused("'w' is element 1099511627776 of a list");
        index(Map.of("w", tensor(4)), Map.of("w", Tuple.of("list", -1L)));
        refused("the place of 'w' in the nested state");
        index(Map.of("w", tensor(4)), Map.of("w", Tuple.of("list", 1.5)));
        refused("the place of 'w' in the nested state");
        index(Map.of("w", tensor(4)), Map.of("w", Tuple.EMPTY));
        refused("'w' is 0 containers deep");
        index(Map.of("w", tensor(4)), Map.of("w", new Tuple(java.util.Collections.nCopies(100_000, "a"))));
        refused("'w' is 100000 containers deep");
        put("__1_0.distcp", archive(List.of("v")));
        Map<String, FolderIndex.Item> items = new LinkedHashMap<>();
        items.put("v", new Whole(new Place("__1_0.distcp", 0, archive(List.of("v")).length)));
        items.put("w", tensor(4));
        index(items, Map.of("v", Tuple.of("a"), "w", Tuple.of("a", 0L)));
        refused("the place of 'w' in the nested state is that of another value");
        index(items, Map.of("v", Tuple.of("a"), "w", Tuple.of("a")));
        refused("the place of 'w' in the nested state is that of another value");
    }

    // --- pickles -----------------------------------------------------------------------------------------------

    private void pickle(String text) throws IOException {
        put(".metadata", text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void indicesThatAreNone() throws IOException {
        put(".metadata", new byte[0]);
        refused(".metadata: is empty");
        pickle("cos\nsystem\n(S'touch " + folder + "/ran'\ntR.");
        refused(".metadata: the index is an object of the class os.system, not a Metadata");
        assertFalse(Files.exists(folder.resolve("ran")));
        pickle("(lp0\n.");
        refused("the index is");
        pickle("ctorch.distributed.checkpoint.metadata\nMetadata\n)\u0081}b.");
        refused("the index does not say in which files");
        index(Map.of("w", tensor(4)), Map.of());
        byte[] whole = Files.readAllBytes(folder.resolve(".metadata"));
        for (int end = 0; end < whole.length; end += 7) {
            put(".metadata", java.util.Arrays.copyOf(whole, end));
            refused(".metadata: ");
        }
        // a tensor without a place, and one with extensions
        String text = new String(whole, StandardCharsets.ISO_8859_1);
        pickle(text.replaceFirst("fqnq(.)X\u0001\0\0\0w", "fqnq$1X\u0001\0\0\0v")
                .replaceFirst("fqnq(.)h.", "fqnq$1X\u0001\0\0\0v"));
        refused("the index does not say where");
        Files.delete(folder.resolve(".metadata"));
        Files.createDirectory(folder.resolve(".metadata"));
        refused(".metadata: is a folder");
        Files.delete(folder.resolve(".metadata"));
        Files.createSymbolicLink(folder.resolve(".metadata"), Path.of("/dev/zero"));
        refused(".metadata: is a pipe, a socket or a device");
    }

    /** A value that is not a tensor is a pickle of its own: an object in it is a record, and nothing runs. */
    @Test
    void valuesThatCall() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(packed)) {
            zip.putNextEntry(new ZipEntry("archive/data.pkl"));
            zip.write(("cos\nsystem\n(S'touch " + folder + "/ran'\ntR.").getBytes(StandardCharsets.ISO_8859_1));
        }
        length = put(FILE, packed.toByteArray());
        index(Map.of("v", new Whole(new Place(FILE, 0, length))), Map.of());
        Checkpoint read = DistributedCheckpoint.load(folder);
        UnknownClassException e = assertThrows(UnknownClassException.class, read::root);
        assertTrue(e.getMessage().contains("os.system"), e.getMessage());
        UnknownClassException one = assertThrows(
                UnknownClassException.class, () -> DistributedCheckpoint.loadInto(folder, Map.of("v", 1L)));
        assertTrue(one.getMessage().contains("os.system"), one.getMessage());
        assertThrows(CheckpointException.class, () -> Checkpoint.check(folder, o -> {}));
        assertFalse(Files.exists(folder.resolve("ran")));
    }

    /** A changed byte of a tensor is found by its checksum. */
    @Test
    void changedBytes() throws IOException {
        index(Map.of("w", tensor(4)), Map.of());
        byte[] bytes = Files.readAllBytes(folder.resolve(FILE));
        for (int i = 0; i < bytes.length - 3; i++) {
            if (bytes[i + 2] == (byte) 0x80 && bytes[i + 3] == 0x3f) { // 1.0
                bytes[i] ^= 1;
                break;
            }
        }
        put(FILE, bytes);
        CheckpointException e =
                assertThrows(CheckpointException.class, () -> DistributedCheckpoint.load(folder, o -> o.verify(true)));
        assertTrue(e.getMessage().contains("'w' in " + FILE), e.getMessage());
        refusedOnlyByCheck();
    }

    private void refusedOnlyByCheck() {
        assertThrows(CheckpointException.class, () -> Checkpoint.check(folder, o -> {}));
        assertEquals(4, DistributedCheckpoint.load(folder).getTensor("w").numel());
    }
}
