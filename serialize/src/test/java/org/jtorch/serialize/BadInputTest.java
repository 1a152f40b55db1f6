package org.jtorch.serialize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.jtorch.Torch;
import org.jtorch.serialize.format.CheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each usual mistake gets one clear message. */
class BadInputTest {

    @TempDir
    Path folder;

    private String refusal(Path file) {
        CheckpointException e = assertThrows(CheckpointException.class, () -> Checkpoint.load(file));
        assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
        return e.getMessage().substring(file.toString().length() + 2);
    }

    @Test
    void noSuchFile() {
        assertEquals(
                "no such file (working folder: " + Path.of("").toAbsolutePath() + ")", refusal(Path.of("nothing.pt")));
    }

    @Test
    void aFolder() {
        assertEquals("is a folder, not a checkpoint file", refusal(folder));
    }

    @Test
    void anEmptyFile() throws IOException {
        assertEquals(
                "is empty: it was never written, or its writer was interrupted",
                refusal(Files.createFile(folder.resolve("empty.pt"))));
    }

    @Test
    void aTextFile() throws IOException {
        assertEquals(
                "is not a checkpoint: it begins with 'epoch,loss.1,0.5', but files of torch.save and safetensors begin"
                        + " differently",
                refusal(Files.writeString(folder.resolve("log.csv"), "epoch,loss\n1,0.5\n")));
        assertEquals(
                "is not a checkpoint: it begins with 'x', but files of torch.save and safetensors begin differently",
                refusal(Files.writeString(folder.resolve("x"), "x")));
    }

    @Test
    void aTruncatedFile() throws IOException {
        Path file = folder.resolve("model.pt");
        Checkpoint.save(file, Map.of("w", Torch.ones(100)));
        byte[] whole = Files.readAllBytes(file);
        assertEquals(
                "the file is truncated: it is a zip archive whose end is missing (or more than 65535 bytes were written"
                        + " after it); copy or download it again",
                refusal(Files.write(folder.resolve("cut.pt"), Arrays.copyOf(whole, whole.length / 2))));
    }

    @Test
    void anotherZip() throws IOException {
        Path file = folder.resolve("other.zip");
        try (FileSystem zip = FileSystems.newFileSystem(file, Map.of("create", "true"))) {
            Files.writeString(zip.getPath("/hello.txt"), "hello");
        }
        assertEquals(
                "the zip archive has no data.pkl: torch.save did not write it, and its entry is not a checkpoint:"
                        + " it is not a checkpoint: it begins with 'hello', but files of torch.save and safetensors begin"
                        + " differently",
                refusal(file));
        try (FileSystem zip = FileSystems.newFileSystem(file)) {
            assertTrue(refusal(zip.getPath("/hello.txt")).startsWith("is inside of another file system"));
        }
    }

    @Test
    void aByteOrderThatIsNone() throws IOException {
        byte[] archive = Files.readAllBytes(Recorded.file("state_dict.pt"));
        RawZip zip = RawZip.of(archive);
        byte[] changed = zip.bytes();
        System.arraycopy(
                "middle".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                0,
                changed,
                zip.dataOffset("byteorder"),
                6);
        zip.forgetCrc("byteorder");
        assertEquals(
                "the archive's byte order is 'middle', but must be little or big",
                refusal(Files.write(folder.resolve("odd.pt"), changed)));
    }
}
