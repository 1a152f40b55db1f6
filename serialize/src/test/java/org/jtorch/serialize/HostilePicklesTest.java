package org.jtorch.serialize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.UnknownClassException;
import org.jtorch.serialize.python.PythonGlobal;
import org.jtorch.serialize.python.PythonObject;
import org.jtorch.serialize.python.Tuple;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files made to do harm, of the kinds that the recorded ones have none of; most pickles here are of protocol 0, as text. */
class HostilePicklesTest {

    @TempDir
    Path folder;

    @BeforeAll
    static void startEngine() {
        assertEquals(
                12, Checkpoint.load(Recorded.file("state_dict.pt")).stateDict().size());
    }

    private Path archive(String pickle) throws IOException {
        return archive(pickle.getBytes(StandardCharsets.ISO_8859_1));
    }

    private Path archive(byte[] pickle, String... more) throws IOException {
        Path file = folder.resolve("made.pt");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("made/data.pkl"));
            zip.write(pickle);
            for (String entry : more) {
                zip.putNextEntry(new ZipEntry("made/" + entry.substring(0, entry.indexOf('='))));
                zip.write(entry.substring(entry.indexOf('=') + 1).getBytes(StandardCharsets.UTF_8));
            }
        }
        return file;
    }

    private void assertRefused(Path file, String reason) {
        CheckpointException e = HostileFilesTest.refusal(file, o -> {});
        assertTrue(e.getMessage().contains(reason), e.getMessage());
        assertTrue(e.getMessage().length() < 2500, e.getMessage());
    }

    // --- classes -----------------------------------------------------------------------------------------------

    private static final String MODULE = "c__main__\nM\n)\u0081p0\n}(S'_parameters'\n}S'_buffers'\n}S'_modules'\n}p1\n";

    @Test
    void unknownClasses() throws IOException {
        assertRefused(archive("c__main__\nM\n."), "__main__.M");
        assertRefused(archive("c__main__\nM\n)\u0081."), "__main__.M");
        assertRefused(archive("c__main__\nM\n)\u0081(S'_parameters'\nI1\ndb."), "__main__.M");
        assertRefused(archive("(i__main__\nM\n."), "__main__.M");
        assertRefused(archive("(c__main__\nM\no."), "__main__.M");
        assertRefused(archive("ccopy_reg\n_reconstructor\n(c__main__\nM\nc__builtin__\nobject\nNtR."), "__main__.M");
        assertRefused(archive("c__main__\nM\n)}\u0092."), "__main__.M");
        // one that was made and is not there any more
        assertNull(Checkpoint.load(archive("c__main__\nM\n0N.")).root());
        // one that is a module, and one that is none
        assertRefused(archive(MODULE + "ubc__main__\nM\n)\u0081\u0086."), "a tuple, not a state dict");
        assertUnknown(archive(MODULE + "ubc__main__\nM\n)\u0081\u0086."), Map.of("__main__.M", List.of("1")));
        assertUnknown(archive(MODULE + "S'x'\ncos\nsystem\nub."), Map.of("os.system", List.of("x")));
        // a name that is allowed does not lead to anything else
        Checkpoint allowed = Checkpoint.load(archive("c__main__\nM\n(cos\nsystem\ntR."), o -> o.allow("__main__.M"));
        CheckpointException e = assertThrows(UnknownClassException.class, allowed::root);
        assertTrue(e.getMessage().contains("os.system"), e.getMessage());
        assertEquals(
                new PythonGlobal("os.system"),
                Checkpoint.load(archive("cos\nsystem\n."), LoadOptions::allowUnknownClasses)
                        .root());
    }

    private static void assertUnknown(Path file, Map<String, List<String>> classes) {
        UnknownClassException e = assertThrows(
                UnknownClassException.class, () -> Checkpoint.load(file).root());
        assertEquals(classes, e.classes());
        assertEquals(classes, Checkpoint.open(file).unknownClasses());
        assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
    }

    @Test
    void anAllowedCallIsNone() throws IOException {
        PythonObject object = (PythonObject)
                Checkpoint.load(archive("cos\nsystem\n(S'touch made'\ntR."), LoadOptions::allowUnknownClasses)
                        .root();
        assertEquals("os.system", object.name());
        assertEquals(Tuple.of("touch made"), object.arguments());
        assertTrue(Files.notExists(Path.of("made")));
    }

    @Test
    void modulesThatHoldThemselves() throws IOException {
        assertRefused(archive(MODULE + "ub0g1\nS'child'\ng0\ns0g0\n."), "contains itself");
    }

    /** 50 modules, each of which contains the next twice. */
    @Test
    void modulesThatStandForMany() throws IOException {
        StringBuilder pickle = new StringBuilder(MODULE + "ub0");
        for (int i = 0; i < 50; i++) {
            pickle.append("c__main__\nM\n)\u0081p")
                    .append(2 + i)
                    .append("\n}(S'_parameters'\n}S'_buffers'\n}S'_modules'\n}(");
            String child = "g" + (i == 0 ? 0 : 1 + i) + "\n";
            pickle.append("S'a'\n").append(child).append("S'b'\n").append(child).append("uub0");
        }
        assertRefused(archive(pickle + "g51\n."), "describe more than");
    }

    @Test
    void copiesOfCopies() throws IOException {
        StringBuilder list = new StringBuilder("](");
        list.append("I1\n".repeat(100_000)).append("ep0\n0");
        for (String callee : List.of("list", "tuple", "set", "frozenset")) {
            StringBuilder pickle = new StringBuilder(list).append("(");
            for (int i = 0; i < 2000; i++) {
                pickle.append("c__builtin__\n").append(callee).append("\n(g0\ntR");
            }
            assertRefused(archive(pickle + "l."), "repeatedly");
        }
        StringBuilder text = new StringBuilder("S'" + "x".repeat(1 << 20) + "'\np0\n0(");
        for (int i = 0; i < 2000; i++) {
            text.append("c_codecs\nencode\n(g0\nS'latin1'\ntR");
        }
        assertRefused(archive(text + "l."), "repeatedly");
    }

    /** Each attribute of a class has a name of its own, made of the class's. */
    @Test
    void namesOfAttributes() throws IOException {
        String one = "c__builtin__\ngetattr\n(g0\nS'xy'\ntR";
        assertRefused(archive("c__main__\n" + "M".repeat(900) + "\np0\n0(" + one.repeat(20_000) + "l."), "repeatedly");
        assertEquals(
                new PythonGlobal("__main__.M.xy"),
                Checkpoint.load(archive("c__main__\nM\np0\n0" + one + "."), LoadOptions::allowUnknownClasses)
                        .root());
    }

    /** Many objects with slots may share one state: it is not copied for each look at it. */
    @Test
    void sharedSlots() throws IOException {
        StringBuilder pickle = new StringBuilder("(N(");
        for (int i = 0; i < 1000; i++) {
            pickle.append("S'a").append(i).append("'\nI1\n");
        }
        pickle.append("dtp0\n0(")
                .append("c__main__\nM\n)\u0081g0\nb".repeat(20_000))
                .append("l.");
        Path file = archive(pickle.toString());
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            List<?> objects = (List<?>)
                    Checkpoint.load(file, LoadOptions::allowUnknownClasses).root();
            assertEquals(1L, ((PythonObject) objects.get(19_999)).attribute("a999"));
            assertEquals(
                    Set.of("__main__.M"), Checkpoint.open(file).unknownClasses().keySet());
        });
    }

    /** A long key is part of the path of each tensor below it. All are listed, the later ones with a shorter text. */
    @Test
    void aLongKeyAboveManyTensors() throws IOException {
        String storage = "((S'storage'\nctorch\nFloatStorage\nS'0'\nS'cpu'\nI1\ntQ";
        String tensor = "ctorch._utils\n_rebuild_tensor_v2\n" + storage + "I0\n(I1\nt(I1\ntI00\n}tR";
        StringBuilder pickle = new StringBuilder("}S'" + "k".repeat(1_000_000) + "'\n](");
        pickle.append(tensor).append("p1\n").append("g1\n".repeat(99)).append("es.");
        Path file = archive(pickle.toString().getBytes(StandardCharsets.ISO_8859_1), "data/0=abcd");
        assertEquals(100, Checkpoint.load(file).tensors().size());
        Set<String> listed = Checkpoint.open(file).tensors().keySet();
        assertEquals(100, listed.size());
        assertEquals(1_000_002, listed.iterator().next().length());
        assertTrue(listed.contains("k".repeat(100) + "….99"));
    }

    @Test
    void names() throws IOException {
        assertRefused(archive("c" + "a".repeat(100_000) + "\nb\n."), "a name of 100000 bytes");
        assertRefused(archive("(S'" + "k".repeat(200_000) + "'\nI1\nd."), "not a state dict");
        assertRefused(archive("c__main__\n" + "M".repeat(900) + "\n."), "MMM");
    }

    // --- tensors -----------------------------------------------------------------------------------------------

    /** Indices that point outside would make the engine read there. */
    @Test
    void sparseIndicesOutside() throws IOException {
        // coordinates, compressed rows, and columns, which begin at the fourth element of their storage
        for (String storage : new String[] {"data/0", "data/2", "data/3"}) {
            for (long index : new long[] {4, 1L << 40, -1}) {
                RawZip zip = RawZip.of(Files.readAllBytes(Recorded.file("sparse.pt")));
                ByteBuffer.wrap(zip.bytes())
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(zip.dataOffset(storage) + (storage.equals("data/3") ? 24 : 0), index);
                Path file = Files.write(folder.resolve("sparse.pt"), zip.bytes());
                assertRefused(file, "a sparse tensor is damaged");
            }
        }
    }

    @Test
    void sparseTensorsThatClaimToBeInOrder() throws IOException {
        // the first's indices are (0, 1), (0, 1), (2, 0), and are said not to be in order
        byte[] archive = Files.readAllBytes(Recorded.file("more/sparse_more.pt"));
        RawZip zip = RawZip.of(archive);
        byte[] bytes = zip.bytes();
        int start = zip.dataOffset("data.pkl");
        int at = start;
        byte[] size = "torch\nSize\n".getBytes(StandardCharsets.US_ASCII);
        while (!java.util.Arrays.equals(bytes, at, at + size.length, size, 0, size.length)) {
            at++;
        }
        while ((bytes[at] & 0xff) != 0x89) {
            at++;
        }
        bytes[at] = (byte) 0x88;
        zip.forgetCrc("data.pkl");
        assertRefused(Files.write(folder.resolve("sparse.pt"), bytes), "a sparse tensor is damaged");
    }

    @Test
    void storagesThatInflate() throws IOException {
        Path file = folder.resolve("bomb.pt");
        byte[] archive = Files.readAllBytes(Recorded.file("state_dict.pt"));
        RawZip zip = RawZip.of(archive);
        byte[] pickle = java.util.Arrays.copyOfRange(
                archive, zip.dataOffset("data.pkl"), zip.dataOffset("data.pkl") + zip.size("data.pkl"));
        try (ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(file))) {
            to.putNextEntry(new ZipEntry("a/data.pkl"));
            to.write(pickle);
            to.putNextEntry(new ZipEntry("a/data/0"));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 300; i++) {
                to.write(zeros);
            }
        }
        assertRefused(file, "inflate to more than is usual");
        CheckpointException further = HostileFilesTest.refusal(file, o -> o.limits(l -> l.inflatedBytes(1L << 30)));
        assertTrue(further.getMessage().contains("the storage 1 is missing"), further.getMessage());
    }

    // --- the old format ----------------------------------------------------------------------------------------

    private static byte[] legacy() throws IOException {
        return Files.readAllBytes(Recorded.file("more/legacy_views.pt"));
    }

    /** Where the storage of 12 floats begins, with their number; the other one has a single float. */
    private static int firstStorage(byte[] file) {
        int first = file.length - (8 + 4 + 8 + 48);
        return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(first) == 12 ? first : first + 8 + 4;
    }

    @Test
    void oldFilesThatLie() throws IOException {
        for (long numel : new long[] {11, 13, -1, 1L << 61, Long.MIN_VALUE}) {
            byte[] file = legacy();
            ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(firstStorage(file), numel);
            assertRefused(Files.write(folder.resolve("old.pt"), file), "should have 12 elements");
        }
        byte[] file = legacy();
        byte[] cut = java.util.Arrays.copyOf(file, file.length - 1);
        assertRefused(Files.write(folder.resolve("old.pt"), cut), "is truncated");
    }

    private Path old(String... pickles) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("L119547037146038801333356L\n.I1001\n.}.".getBytes(StandardCharsets.ISO_8859_1));
        for (String pickle : pickles) {
            bytes.writeBytes(pickle.getBytes(StandardCharsets.ISO_8859_1));
        }
        return Files.write(folder.resolve("old.pt"), bytes.toByteArray());
    }

    @Test
    void oldPickles() throws IOException {
        assertEquals(1L, Checkpoint.load(old("I1\n.", "].")).root());
        assertRefused(old("I1\n.", "](S'1'\ne."), "no tensor refers to");
        assertRefused(old("I1\n."), "ends too early");
        assertRefused(old("I1\n.", "N."), "list of storages is missing");
        assertRefused(old("cos\nsystem\n(S'x'\ntR.", "]."), "os.system");
        assertRefused(old("X\u00ff\u00ff\u00ff\u00ff."), "4294967295 bytes are claimed");
        assertRefused(
                old("((S'storage'\nctorch\nFloatStorage\nS'0'\nS'cpu'\nI1\n(S'v'\nI1\nI1\nttQ."),
                "a view of 1 elements at 1");
    }

    // --- indices -----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/passwd",
                "../x.safetensors",
                "a/b",
                "..",
                ".",
                "",
                "C:x",
                "a\\\\b",
                "\\u0000",
                "x\\ny",
            })
    void shardsElsewhere(String name) throws IOException {
        Path file = Files.writeString(folder.resolve("i.json"), "{\"weight_map\": {\"w\": \"" + name + "\"}}");
        assertRefused(file, "not the name of a file in its folder");
    }

    @Test
    void indices() throws IOException {
        Path file = folder.resolve("index.json");
        assertRefused(Files.writeString(file, "{\"a\": 1}"), "without a weight_map");
        assertRefused(Files.writeString(file, "{\"weight_map\": {\"w\": 1}}"), "must be VALUE_STRING");
        assertRefused(Files.writeString(file, "{\"weight_map\": {\"w\": \"a\", \"w\": \"b\"}}"), "Duplicate");
        assertRefused(Files.writeString(file, "{\"weight_map\": {}} x"), "is damaged");
        assertRefused(
                Files.writeString(file, "{\"weight_map\": {\"w\": \"index.json\"}}"),
                "is an index, but a checkpoint file is expected");
        assertRefused(Files.writeString(file, "[".repeat(100_000)), "is JSON, not a checkpoint");
        assertRefused(Files.writeString(file, "{\"a\": " + "[".repeat(100_000)), "nesting depth");
    }

    // --- TorchScript -------------------------------------------------------------------------------------------

    @Test
    void scripts() throws IOException {
        String module = "c__torch__\nM\n)\u0081p0\n}p1\n(S'a'\nI1\nub.";
        byte[] pickle = module.getBytes(StandardCharsets.ISO_8859_1);
        assertRefused(archive(pickle, "constants.pkl=)."), "does not contain the source of __torch__.M");
        assertRefused(
                archive("I1\n.".getBytes(StandardCharsets.ISO_8859_1), "constants.pkl=)."),
                "contains an int, not a module");
        byte[] self = "c__torch__\nM\n)\u0081p0\n}(S'a'\ng0\nub.".getBytes(StandardCharsets.ISO_8859_1);
        assertRefused(
                archive(self, "constants.pkl=).", "code/__torch__.py=class M(Module):\n  __parameters__ = []\n"),
                "contains itself");
        assertThrows(
                CheckpointException.class,
                () -> Checkpoint.load(archive(pickle, "constants.pkl=).")),
                "the source is what says which are parameters");
    }
}
