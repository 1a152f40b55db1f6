package org.jtorch.serialize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What reading takes of the memory: the heap and the process's own. */
@Tag("slow")
class ReadingMemoryTest {

    private static final long MIB = 1 << 20;

    @TempDir
    Path folder;

    /** A process with a heap of 256 MiB grows by less than that while it refuses them all. */
    @Test
    void hostileFiles() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HostileMemory.class.getName()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), out);
        String[] parts = out.split(" ");
        // all but the one that is sound
        assertEquals(Recorded.files("hostile").size() - 1, Integer.parseInt(parts[0]));
        assertTrue(Long.parseLong(parts[1]) < 256 * 1024, "grew by " + parts[1] + " KiB");
    }

    /** The heap that loading takes, all of it, garbage included. */
    private static long heap(Path file, int checkedElement) {
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();
        try (Tensor large = Checkpoint.load(file).stateDict().get("large")) {
            long heap = thread.getCurrentThreadAllocatedBytes() - before;
            assertEquals(128 * MIB, large.numel());
            assertEquals(7.0, large.select(0, checkedElement).item());
            return heap;
        }
    }

    @Test
    void theHeapForA512MiBFile() throws IOException {
        int last = (int) (128 * MIB - 1);
        Path archive = folder.resolve("large.pt");
        try (Tensor zeros = Torch.zeros(128 * MIB)) {
            zeros.select(0, last).fill_(7);
            Checkpoint.save(archive, Map.of("large", zeros));
        }
        assertTrue(Files.size(archive) > 512 * MIB);
        Path safetensors = folder.resolve("large.safetensors");
        String json =
                "{\"large\":{\"dtype\":\"F32\",\"shape\":[" + 128 * MIB + "],\"data_offsets\":[0," + 512 * MIB + "]}}";
        json += " ".repeat(8 - json.length() % 8);
        ByteBuffer number = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(
                safetensors, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            channel.write(number.putLong(0, json.length()).rewind(), 0);
            channel.write(ByteBuffer.wrap(json.getBytes(StandardCharsets.US_ASCII)), 8);
            channel.write(number.putFloat(0, 7).rewind().limit(4), 8 + json.length() + 512 * MIB - 4);
        }
        for (Path file : List.of(archive, safetensors)) {
            long heap = heap(file, last);
            assertTrue(heap < 16 * MIB, file + " took " + heap + " bytes of the heap");
        }
    }
}
