package org.jtorch.serialize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jtorch.Torch;
import org.jtorch.serialize.format.CheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that are not checkpoints are described with a remedy, by every method that reads files. */
class ForeignFormatsTest {

    @TempDir
    Path folder;

    /** The one line in which {@code file} is refused by everything that reads it. */
    private String refusal(Path file) {
        return assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            CheckpointException e = assertThrows(CheckpointException.class, () -> Checkpoint.load(file));
            String message = e.getMessage();
            assertEquals(
                    message,
                    assertThrows(CheckpointException.class, () -> Checkpoint.open(file))
                            .getMessage());
            assertEquals(
                    message,
                    assertThrows(CheckpointException.class, () -> Checkpoint.check(file, o -> {}))
                            .getMessage());
            Path to = folder.resolve("converted.safetensors");
            assertEquals(
                    message,
                    assertThrows(CheckpointException.class, () -> Checkpoint.convert(file, to))
                            .getMessage());
            assertTrue(Files.notExists(to));
            assertEquals(1, message.lines().count());
            assertTrue(message.startsWith(file + ": "), message);
            return message.substring(file.toString().length() + 2);
        });
    }

    private void assertRefused(byte[] content, String reason) throws IOException {
        String message = refusal(Files.write(folder.resolve("file.pt"), content));
        assertTrue(message.contains(reason), message);
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "version https://git-lfs.github.com/spec/v1~oid sha256:00~size 5~|is a Git LFS pointer*'git lfs pull'",
                "%1f%8b%08|is compressed by gzip: decompress it first (gunzip)",
                "(%b5/%fd%04|is compressed by zstd: decompress it first (unzstd)",
                "%fd7zXZ%00|is compressed by xz: decompress it first (unxz)",
                "BZh91AY|is compressed by bzip2: decompress it first (bunzip2)",
                "%04%22M%18d|is compressed by lz4: decompress it first (unlz4)",
                "7z%bc%af'%1c|is compressed by 7-Zip: decompress it first (7z x)",
                "Rar!%1a%07%01|is compressed by RAR: decompress it first (unrar x)",
                "PK%07%08PK|is the first part of a zip archive that is split",
                "<!DOCTYPE html><html>|is a web page (HTML), not the file*/resolve/ instead of /blob/",
                "~ <HTML lang=en>|is a web page (HTML)",
                "%ef%bb%bf<head>|is a web page (HTML)",
                "<?xml version='1.0'?><Error>|is XML, not a checkpoint",
                "[1, 2]|is JSON, not a checkpoint",
                "{\"a\": 1}|is JSON without a weight_map*name the checkpoint itself",
                "GGUF%03%00|is a GGUF file of llama.cpp*use the model's safetensors or PyTorch files",
                "tjgg%03%00|is a GGML file",
                "%89HDF%0d~%1a~%00|is an HDF5 file, as Keras writes*safetensors.torch.save_file",
                "%93NUMPY%01%00|is a numpy array (.npy)*torch.from_numpy",
                "%1c%00%00%00TFL3|is a TensorFlow Lite model",
                "%08%08%12%07pytorch%1a%052.1.0|is an ONNX model",
                "%08%0a:%c2%01%0a%10%0a%01x%12abcdefgh|is an ONNX model",
                "%08%01%12%c2%01%0a%10%0a%01x%12%00abcdef|is a TensorFlow SavedModel",
                "%0a%10%0a%01x%12%0bPlaceholder%00%00|is a TensorFlow graph",
                "%7fELF%02%01|is a program or a library",
                "%80%04%95%10%00%00|is a pickle that torch.save did not write, but pickle.dump or joblib",
                "%80%02}q%00X%01ctorch.storage~_load_from_bytes~|is a pickle of tensors by pickle.dump",
                "%80%05%95ctorch.distributed.checkpoint.metadata|is a part of a folder of torch.distributed.checkpoint",
                "%00%00%00%00%00%00%00%00%00%00|begins with zeros*download it again",
            })
    void byItsFirstBytes(String escaped, String reason) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c == '%') {
                text.append((char) Integer.parseInt(escaped.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                text.append(c == '~' ? '\n' : c);
            }
        }
        String[] parts = reason.split("\\*");
        assertRefused(latin(text.toString()), parts[0]);
        assertRefused(latin(text.toString()), parts[parts.length - 1]);
    }

    @Test
    void zerosOfADownload() throws IOException {
        assertRefused(new byte[100_000], "begins with zeros");
    }

    @Test
    void aCompressedCheckpoint() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(Files.readAllBytes(Recorded.file("state_dict.pt")));
        }
        assertRefused(bytes.toByteArray(), "gunzip");
    }

    @ParameterizedTest
    @CsvSource({
        "storages, 'as PyTorch before 0.1.10 wrote'",
        "sys_info, 'as PyTorch before 0.1.10 wrote'",
        "./model.pt, 'is a tar archive: unpack it first (tar xf)'",
    })
    void tar(String first, String reason) throws IOException {
        byte[] tar = new byte[10_240];
        byte[] name = latin(first);
        System.arraycopy(name, 0, tar, 0, name.length);
        System.arraycopy(latin("ustar"), 0, tar, 257, 5);
        assertRefused(tar, reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "m/archive_format m/models/model.json m/data/weights/weight_0|is a program of torch.export.save (.pt2)",
                "version serialized_exported_program.json|is a program of torch.export.save (.pt2)",
                "m/data/aotinductor/model/a.so m/version|is a compiled package of AOTInductor",
                "m/archive_format m/data/aotinductor/model/a.so|is a compiled package of AOTInductor",
                "m/archive_format m/data/aotinductor/model/a.so m/models/model.json|is a program of torch.export.save",
                "p/.data/extern_modules p/model/model.pkl|is a package of torch.package",
                "metadata.json config.json model.weights.h5|is a Keras model (.keras)",
                "a.npy b.npy|is a set of numpy arrays (.npz)",
                "a.npy|is a set of numpy arrays (.npz)",
                "a.txt b.txt c.txt|no data.pkl: torch.save did not write it; if a checkpoint is among its 3 files, unpack",
            })
    void zip(String names, String reason) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String name : names.split(" ")) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(1);
            }
        }
        assertRefused(bytes.toByteArray(), reason);
    }

    @Test
    void cutShort() throws IOException {
        Path file = folder.resolve("whole.pt");
        Checkpoint.save(file, Map.of("w", Torch.ones(1000)));
        byte[] whole = Files.readAllBytes(file);
        assertRefused(Arrays.copyOf(whole, whole.length - 1), "the file is truncated: it is a zip archive whose end");
        assertRefused(Arrays.copyOf(whole, 100), "the file is truncated");
        Path tensors = folder.resolve("whole.safetensors");
        Checkpoint.saveSafetensors(tensors, Map.of("w", Torch.ones(1000)));
        whole = Files.readAllBytes(tensors);
        assertRefused(Arrays.copyOf(whole, whole.length - 1), "the file is truncated; copy or download it again");
    }

    // --- not a file --- ---------------------------------------------------------------------------------------

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no pipes and devices among its files")
    void pipesSocketsAndDevices() throws IOException, InterruptedException {
        String expected = "is a pipe, a socket or a device, not a file: write its contents to a file first, or pass it"
                + " to load as an InputStream";
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        assertEquals(expected, refusal(pipe));
        assertEquals(expected, refusal(Path.of("/dev/null")));
        assertEquals(expected, refusal(Path.of("/dev/zero")));
        Path socket = folder.resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            assertEquals(expected, refusal(socket));
        }
    }

    @Test
    void aFolderOfDistributedCheckpointWithoutIndex() throws IOException {
        Files.writeString(folder.resolve("__0_0.distcp"), "x");
        assertEquals(
                "is a folder of torch.distributed.checkpoint without its index, .metadata: it was not written completely;"
                        + " use the checkpoint before it",
                refusal(folder));
    }

    @Test
    void aFolderWithCheckpoints() throws IOException {
        Path model = Files.createDirectory(folder.resolve("model"));
        Files.writeString(model.resolve("config.json"), "{}");
        assertEquals("is a folder, not a checkpoint file", refusal(model));
        Files.writeString(model.resolve("model.safetensors.index.json"), "{}");
        Files.writeString(model.resolve("model-00001-of-00002.safetensors"), "x");
        Files.writeString(model.resolve("model-00002-of-00002.safetensors"), "x");
        assertEquals(
                "is a folder: name the file in it, " + model.resolve("model.safetensors.index.json"), refusal(model));
        Files.writeString(model.resolve("pytorch_model.bin"), "x");
        assertEquals(
                "is a folder: name the file in it, " + model.resolve("model.safetensors.index.json") + " or "
                        + model.resolve("pytorch_model.bin"),
                refusal(model));
        for (int i = 0; i < 10; i++) {
            Files.writeString(model.resolve("step" + i + ".pt"), "x");
        }
        assertTrue(refusal(model).endsWith(" or another of its 12 checkpoints"), refusal(model));
        Path saved = Files.createDirectory(folder.resolve("saved"));
        Files.writeString(saved.resolve("saved_model.pb"), "x");
        assertTrue(refusal(saved).startsWith("is a TensorFlow SavedModel"), refusal(saved));
    }
}
