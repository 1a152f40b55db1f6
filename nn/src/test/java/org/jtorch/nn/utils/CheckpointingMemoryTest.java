package org.jtorch.nn.utils;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Checkpointing reduces memory. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the process's size is read from /proc")
class CheckpointingMemoryTest {

    private static final long MIB = 1L << 20;

    private record Run(long growth, String gradients) {}

    @Test
    @Tag("slow")
    void aStackOf24BlocksTakesHalfTheMemoryAtMost() throws IOException, InterruptedException {
        Run plain = run("plain");
        Run checkpointed = run("checkpointed");
        System.out.printf(
                "24 MLP blocks: plain %d MiB, checkpointed %d MiB%n", plain.growth / MIB, checkpointed.growth / MIB);
        assertEquals(plain.gradients, checkpointed.gradients);
        assertTrue(
                2 * checkpointed.growth <= plain.growth,
                "plain the process grew by " + plain.growth / MIB + " MiB, checkpointed by " + checkpointed.growth / MIB
                        + " MiB");
    }

    private static Run run(String mode) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CheckpointingMemory.class.getName(),
                        mode))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), out);
        String[] parts = out.split(" ");
        return new Run(Long.parseLong(parts[0]), parts[1]);
    }
}
