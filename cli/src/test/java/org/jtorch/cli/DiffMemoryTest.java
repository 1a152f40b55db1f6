package org.jtorch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two files of 512 MiB with one tensor each are compared in a heap of 64 MiB and a quarter of their size in total; loading them
 * takes GiBs.
 */
@Tag("slow")
@EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc/self/status")
class DiffMemoryTest {

    /**
     * 75 to 90 MiB are usual, and 130 occurred once on JDK 25, because the part of the heap depends on when it is collected.
     */
    private static final long MOST = 256L << 20;

    @TempDir
    Path folder;

    /** Writes a tensor {@code (rows, 1024)} of zeros, for which the disk stores no block, with {@code last} at its end. */
    private Path file(String name, long rows, float last) throws IOException {
        Path file = folder.resolve(name);
        String json =
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[" + rows + ",1024],\"data_offsets\":[0," + rows * 4096 + "]}}";
        json += " ".repeat(8 - json.length() % 8);
        ByteBuffer number = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            channel.write(number.putLong(0, json.length()).rewind(), 0);
            channel.write(ByteBuffer.wrap(json.getBytes(StandardCharsets.US_ASCII)), 8);
            channel.write(number.putFloat(0, last).rewind().limit(4), 8 + json.length() + rows * 4096 - 4);
        }
        return file;
    }

    private String diff(Path smallLeft, Path smallRight, Path left, Path right)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DiffMemory.class.getName(),
                        smallLeft.toString(),
                        smallRight.toString(),
                        left.toString(),
                        right.toString()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), out);
        return out;
    }

    @Test
    void bounded() throws IOException, InterruptedException {
        String out = diff(
                file("a.safetensors", 8192, 1),
                file("b.safetensors", 8192, 2),
                file("c.safetensors", 131_072, 1),
                file("d.safetensors", 131_072, 2.5f));
        assertTrue(out.contains("value, by 1.50 at most"), out);
        long grown = Long.parseLong(out.lines().findFirst().orElseThrow());
        assertTrue(grown < MOST, "grew by " + (grown >> 20) + " MiB");
        System.out.println("diff of two files of 512 MiB: growth in MiB " + (grown >> 20));
    }
}
