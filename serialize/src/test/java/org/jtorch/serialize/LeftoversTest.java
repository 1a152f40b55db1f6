package org.jtorch.serialize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jtorch.serialize.internal.file.AtomicFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that a killed process leaves are deleted when the folder is used again; files that are being written are not. */
class LeftoversTest {

    /** Writes a part of a file, and waits to be killed. */
    public static final class Writer {

        private Writer() {}

        /** Reports when it has begun, and continues when it is told to. */
        public static void main(String[] args) {
            AtomicFile.write(Path.of(args[0]), channel -> {
                channel.write(ByteBuffer.allocate(100));
                System.out.write('.');
                System.out.flush();
                System.in.read();
            });
        }
    }

    @TempDir
    Path folder;

    private Process start() throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        folder.resolve("checkpoint-1.pt").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertEquals('.', process.getInputStream().read(), "the writer did not begin");
        return process;
    }

    private List<Path> hidden() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("."))
                    .toList();
        }
    }

    @Test
    void ofAKilledProcess() throws IOException, InterruptedException {
        start().destroyForcibly().waitFor();
        assertEquals(1, hidden().size());
        Path others = Files.writeString(folder.resolve(".jtorch-notes.tmp"), "not one of ours");
        new CheckpointManager(folder).close();
        assertEquals(List.of(others), hidden());
    }

    @Test
    void notOfALivingProcess() throws IOException, InterruptedException {
        Process process = start();
        try (InputStream said = process.getInputStream()) {
            assertEquals(1, hidden().size());
            try (CheckpointManager manager = new CheckpointManager(folder)) {
                assertEquals(1, hidden().size());
                manager.save(2, Map.of("step", 2L));
            }
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            assertEquals(0, process.waitFor());
            assertEquals(-1, said.read());
        }
        assertEquals(List.of(), hidden());
        assertTrue(Files.exists(folder.resolve("checkpoint-1.pt")));
    }

    @Test
    void notOfThisProcess() throws IOException {
        Path file = folder.resolve("checkpoint-1.pt");
        AtomicFile.write(file, channel -> {
            new CheckpointManager(folder).close();
            assertEquals(1, hidden().size());
            assertFalse(Files.exists(file));
        });
        assertTrue(Files.exists(file));
    }
}
