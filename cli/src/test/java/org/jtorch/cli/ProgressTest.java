package org.jtorch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Long reads show their progress on a terminal, in one line that is erased at the end, and nothing elsewhere. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the terminal is made by util-linux's script")
class ProgressTest {

    private static final long ROWS = 300L << 10;

    private static final Path SCRIPT = Path.of("/usr/bin/script");

    @TempDir
    Path folder;

    private Path file;

    /** Writes a tensor of 300 MiB of zeros, for which the disk stores no block. */
    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("large.safetensors");
        String json =
                "{\"w\":{\"dtype\":\"U8\",\"shape\":[" + ROWS + ",1024],\"data_offsets\":[0," + ROWS * 1024 + "]}}";
        ByteBuffer head = ByteBuffer.allocate(8 + json.length()).order(ByteOrder.LITTLE_ENDIAN);
        head.putLong(json.length())
                .put(json.getBytes(StandardCharsets.US_ASCII))
                .flip();
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            channel.write(head, 0);
            channel.write(ByteBuffer.allocate(1), 8 + json.length() + ROWS * 1024 - 1);
        }
    }

    private List<String> check() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "check",
                file.toString());
    }

    private static String output(ProcessBuilder builder) throws IOException, InterruptedException {
        builder.environment().remove("CI");
        builder.environment().remove("NO_COLOR");
        builder.environment().put("TERM", "xterm");
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), text);
        return text;
    }

    @Test
    void nothingIsShownInAPipe() throws IOException, InterruptedException {
        String text = output(new ProcessBuilder(check()));
        assertTrue(text.startsWith(file + ": whole and safe"), text);
        assertFalse(text.contains("\u001b") || text.contains("\r"), text);
    }

    @Test
    void aTerminalShowsALineThatIsErasedAtTheEnd() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(SCRIPT), "there is no " + SCRIPT);
        String text =
                output(new ProcessBuilder(SCRIPT.toString(), "-q", "-e", "-c", String.join(" ", check()), "/dev/null"));
        assertTrue(text.contains("\r\u001b[K100% "), text);
        assertTrue(text.contains(" of 300 MiB"), text);
        int result = text.indexOf(file.toString());
        assertTrue(text.substring(0, result).endsWith("\r\u001b[K"), text);
    }
}
