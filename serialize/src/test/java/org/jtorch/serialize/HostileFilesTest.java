package org.jtorch.serialize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jtorch.Device;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.Limits;
import org.jtorch.serialize.internal.zip.ByteSource;
import org.jtorch.serialize.internal.zip.ZipArchive;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files made to do harm are refused, quickly and in one way. */
class HostileFilesTest {

    @TempDir
    Path folder;

    @BeforeAll
    static void startEngine() {
        // so that no test's second is the engine's
        assertEquals(
                12, Checkpoint.load(Recorded.file("state_dict.pt")).stateDict().size());
    }

    static Stream<Path> hostile() {
        // whose storages are not short: see below
        return Recorded.files("hostile").stream().filter(path -> !path.endsWith("short_storage.pt"));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void refused(Path file) {
        CheckpointException e = refusal(file, o -> {});
        assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
        assertTrue(e.getMessage().length() < 600, e.getMessage());
        // a type that is not known is listed, and only not loaded
        if (!file.endsWith("unknown_dtype.safetensors")) {
            assertThrows(CheckpointException.class, () -> Checkpoint.open(file));
        }
    }

    /** How {@code file} is refused, within a second of CPU time, however busy the machine is, and 256 MiB. */
    static CheckpointException refusal(Path file, Consumer<LoadOptions> options) {
        return assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            var thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = thread.getCurrentThreadAllocatedBytes();
            long started = thread.getCurrentThreadCpuTime();
            CheckpointException e = assertThrows(CheckpointException.class, () -> {
                Checkpoint checkpoint = Checkpoint.load(file, options);
                checkpoint.stateDict();
            });
            assertTrue(thread.getCurrentThreadAllocatedBytes() - before < 256 << 20, file.toString());
            assertTrue(thread.getCurrentThreadCpuTime() - started < 1_000_000_000L, file.toString());
            return e;
        });
    }

    @ParameterizedTest
    @CsvSource({
        "os_system.pt, os.system",
        "eval.pt, builtins.eval",
        "getattr_chain.pt, os.path",
        "torch_load_inside.pt, torch.load",
        "reduce_any.pt, calls an int",
        "build_on_int.pt, sets the state of an int",
        "deep_nesting.pt, deep",
        "huge_length.pt, 4294967295 bytes are claimed",
        "stack_underflow.pt, from its empty stack",
        "no_stop.pt, ends too early",
        "unknown_opcode.pt, opcode 0xfe",
        "memo_missing.pt, recalls value 99",
        "missing_storage.pt, the storage 0 is missing",
        "numel_lie.pt, should have",
        "no_pickle.pt, no data.pkl",
        "traversal.pt, an entry '../../etc/x'",
        "truncated.pt, the file is truncated",
        "empty.pt, is empty",
        "text.pt, is not a checkpoint",
        "flipped.pt, CRC-32",
        "zip_bomb.pt, inflate to 268435458",
        "duplicate_key.safetensors, Duplicate",
        "header_too_long.safetensors, claims 4611686018427387904 bytes",
        "offsets_hole.safetensors, leaves a gap",
        "offsets_overlap.safetensors, overlaps",
        "offsets_past_end.safetensors, is not within",
        "negative_shape.safetensors, negative",
        "unknown_dtype.safetensors, F7",
        "index_escape.safetensors.index.json, not the name of a file in its folder"
    })
    void forItsReason(String name, String reason) {
        CheckpointException e =
                assertThrows(CheckpointException.class, () -> Checkpoint.load(Recorded.file("hostile/" + name)));
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }

    /**
     * This file should have a storage that is shorter than its tensor, but each of its entries has the bytes that its pickle
     * says, and all of them are those of state_dict.pt: it is sound.
     */
    @Test
    void theShortStorageThatIsNone() throws IOException {
        ZipArchive made = ZipArchive.read(ByteSource.of(Files.readAllBytes(Recorded.file("hostile/short_storage.pt"))));
        ZipArchive sound = ZipArchive.read(ByteSource.of(Files.readAllBytes(Recorded.file("state_dict.pt"))));
        assertEquals(sound.entries().keySet(), made.entries().keySet());
        for (String name : sound.entries().keySet()) {
            assertArrayEquals(
                    sound.bytes(sound.entries().get(name), 1 << 20),
                    made.bytes(made.entries().get(name), 1 << 20),
                    name);
        }
        RecordedContent.check(
                Recorded.expected("state_dict.pt").get("content"),
                Checkpoint.load(Recorded.file("hostile/short_storage.pt")).root(),
                "short_storage.pt");
    }

    /** A file cut anywhere is refused, as whatever it looks like then. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "state_dict.pt",
                "recompressed.pt",
                "model.safetensors",
                "dtypes.safetensors",
                "torchscript.pt",
                "state_dict_legacy.pt",
                "sharded/model.safetensors.index.json"
            })
    void cutAnywhere(String name) throws IOException {
        byte[] whole = Files.readAllBytes(Recorded.file(name));
        Path file = folder.resolve(Path.of(name).getFileName());
        for (int length = 0; length < whole.length; length += length < 64 || length > whole.length - 128 ? 1 : 37) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            assertThrows(CheckpointException.class, () -> Checkpoint.load(file), name + " of " + length + " bytes");
        }
    }

    /** A file with any byte changed is read or refused; there is no other result, and no tensor exceeds its bytes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "state_dict.pt",
                "views.pt",
                "dtypes.pt",
                "parameters.pt",
                "cycles.pt",
                "recompressed.pt",
                "dtypes.safetensors",
                "torchscript.pt",
                "state_dict_legacy.pt",
                "more/legacy_protocol0.pt",
                "more/legacy_protocol1.pt",
                "more/legacy_protocol4.pt",
                "more/legacy_model.pt"
            })
    void changedAnywhere(String name) throws IOException {
        byte[] whole = Files.readAllBytes(Recorded.file(name));
        Path file = folder.resolve(Path.of(name).getFileName());
        Random random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 200; i++) {
            byte[] changed = whole.clone();
            for (int n = 0; n <= i % 3; n++) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            }
            Files.write(file, changed);
            refused += readOrRefused(file) ? 0 : 1;
        }
        assertTrue(refused > 20, name + ": only " + refused + " of 200 refused");
    }

    /** The same for the pickle only, since the CRC-32 would otherwise refuse nearly all changes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "state_dict.pt",
                "views.pt",
                "dtypes.pt",
                "parameters.pt",
                "containers.pt",
                "training.pt",
                "cycles.pt",
                "whole_model.pt",
                "torchscript.pt",
                "sparse.pt",
                "more/sparse_more.pt",
                "more/conj_neg.pt",
                "more/numpy_more.pt",
                "more/protocol0.pt",
                "more/protocol5.pt",
                "more/classes.pt"
            })
    void changedPickle(String name) throws IOException {
        byte[] whole = Files.readAllBytes(Recorded.file(name));
        Path file = folder.resolve(Path.of(name).getFileName());
        RawZip zip = RawZip.of(whole);
        int start = zip.dataOffset("data.pkl");
        int length = Math.min(zip.size("data.pkl"), 4000);
        zip.forgetCrc("data.pkl");
        Random random = new Random(2);
        int refused = 0;
        for (int i = 0; i < 200; i++) {
            byte[] changed = zip.bytes().clone();
            for (int n = 0; n <= i % 3; n++) {
                changed[start + random.nextInt(length)] = (byte) random.nextInt();
            }
            Files.write(file, changed);
            refused += readOrRefused(file) ? 0 : 1;
        }
        assertTrue(refused > 20, name + ": only " + refused + " of 200 refused");
    }

    private static boolean readOrRefused(Path file) {
        try (TensorScope scope = new TensorScope()) {
            Checkpoint checkpoint = Checkpoint.load(file, LoadOptions::allowUnknownClasses);
            touch(checkpoint.root());
            return true;
        } catch (CheckpointException e) {
            return false;
        }
    }

    private static void touch(Object value) {
        if (value instanceof java.util.Map<?, ?> map) {
            for (Object element : map.values()) {
                if (element instanceof Tensor tensor
                        && tensor.numel() < 1 << 20
                        && !tensor.device().equals(Device.META)) {
                    Recorded.bytes(tensor.layout() == Layout.STRIDED ? tensor : tensor.toDense());
                }
            }
        }
    }

    @Test
    void aStorageShorterThanItsTensor() throws IOException {
        byte[] whole = Files.readAllBytes(Recorded.file("state_dict.pt"));
        RawZip zip = RawZip.of(whole);
        zip.setSize("data/1", 380);
        Path file = Files.write(folder.resolve("short.pt"), zip.bytes());
        CheckpointException e = assertThrows(CheckpointException.class, () -> Checkpoint.load(file));
        assertTrue(
                e.getMessage().contains("should have 384 bytes, but its entry in the archive has 380"), e.getMessage());
    }

    @Test
    void theMemoBombWithACleanStack() throws IOException {
        // as memo_bomb.pt, but each list is taken off the stack again, so that only its size betrays it
        java.io.ByteArrayOutputStream pickle = new java.io.ByteArrayOutputStream();
        pickle.write(new byte[] {(byte) 0x80, 2, ']', 'q', 0, '0'});
        for (int i = 0; i < 40; i++) {
            pickle.write(new byte[] {']', '(', 'h', (byte) i, 'h', (byte) i, 'e', 'q', (byte) (i + 1), '0'});
        }
        pickle.write(new byte[] {'h', 40, '.'});
        CheckpointException e = assertThrows(
                CheckpointException.class,
                () -> org.jtorch.serialize.internal.pickle.Unpickler.load(
                        pickle.toByteArray(), new NoEnvironment(), new Limits()));
        assertTrue(e.getMessage().contains("describe more than"), e.getMessage());
    }
}
