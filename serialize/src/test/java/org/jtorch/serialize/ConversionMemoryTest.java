package org.jtorch.serialize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A file of 2 GiB converts in a heap of 64 MiB and 192 MiB of memory in all, its one large tensor included. */
@Tag("slow")
@EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc/self/status")
class ConversionMemoryTest {

    private static final long SIZE = 2L << 30;

    /** What the process may grow by: a tenth of the file. */
    private static final long MOST = 192L << 20;

    @TempDir
    Path folder;

    /** Four tensors of 256 MiB and one of 1 GiB, all zero: the disk keeps no block of them. */
    private Path file() throws IOException {
        StringBuilder header = new StringBuilder("{");
        long at = 0;
        for (int i = 0; i < 5; i++) {
            long bytes = i == 4 ? SIZE / 2 : SIZE / 8;
            header.append("\"w%d\":{\"dtype\":\"F32\",\"shape\":[1024,%d],\"data_offsets\":[%d,%d]}%s"
                    .formatted(i, bytes / 4096, at, at + bytes, i == 4 ? "}" : ","));
            at += bytes;
        }
        while (header.length() % 8 != 0) {
            header.append(' ');
        }
        Path path = folder.resolve("large.safetensors");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(0, header.length())
                    .array());
            file.write(header.toString().getBytes(StandardCharsets.US_ASCII));
            file.setLength(8 + header.length() + SIZE);
        }
        return path;
    }

    private long growth(Path from, String to, String dtype) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ConversionMemory.class.getName(),
                        from.toString(),
                        folder.resolve(to).toString(),
                        dtype))
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), out);
        return Long.parseLong(out.substring(out.lastIndexOf('\n') + 1));
    }

    @Test
    void bounded() throws IOException, InterruptedException {
        Path large = file();
        long converted = growth(large, "half.safetensors", "bf16");
        assertTrue(converted < MOST, "bf16 to safetensors grew by " + (converted >> 20) + " MiB");
        Files.delete(folder.resolve("half.safetensors"));
        long same = growth(large, "same.pt", "same");
        assertTrue(same < MOST, "to .pt grew by " + (same >> 20) + " MiB");
        Files.delete(large);
        long back = growth(folder.resolve("same.pt"), "back.pt", "bf16");
        assertTrue(back < MOST, "bf16 from .pt to .pt grew by " + (back >> 20) + " MiB");
        System.out.printf(
                "growth in MiB: bf16 to safetensors %d, to .pt %d, bf16 from .pt to .pt %d%n",
                converted >> 20, same >> 20, back >> 20);
    }
}
