package org.jtorch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The contents of the line, and that it fits. */
class ByteProgressLineTest {

    private static final long MIB = 1 << 20;
    private static final String KEY = "model.layers.17.self_attn.q_proj.weight";

    private static String line(long done, long seconds, int room) {
        return ByteProgressLine.of(done * MIB, 1024 * MIB, Duration.ofSeconds(seconds), KEY, room);
    }

    @Test
    void onTheWay() {
        assertEquals(
                " 37% █████████████████▎                            |  384 of 1024 MiB, 192 MiB/s, 0:03 left      "
                        + "model.layers.17.self_attn.q_proj.weight",
                line(384, 2, 140));
        assertEquals(
                " 37% █████████▊                |  384 of 1024 MiB, 192 MiB/s, 0:03 left      …elf_attn.q_proj.weight",
                line(384, 2, 100));
        assertEquals(" 37% 384 of 1024 MiB, 192 MiB/s, 0:03 left", line(384, 2, 46));
    }

    @Test
    void atTheEnds() {
        assertEquals("  0% " + " ".repeat(46) + "|    0 of 1024 MiB", start(line(0, 0, 140)));
        assertEquals("100% " + "█".repeat(46) + "| 1024 of 1024 MiB, 1 MiB/s, in 17:04", start(line(1024, 1024, 140)));
        assertTrue(ByteProgressLine.of(0, 0, Duration.ZERO, "", 80).startsWith("100% "));
        assertTrue(line(1, 10, 140).contains(", 2:50:30 left"), line(1, 10, 140));
    }

    private static String start(String line) {
        return line.substring(0, line.indexOf("  model")).stripTrailing();
    }

    @Test
    void fits() {
        for (int room = 10; room < 160; room++) {
            for (long done : new long[] {0, 1, 500, 1024}) {
                String line = line(done, 3, room);
                assertTrue(line.length() <= room, line.length() + " columns of " + room + ": " + line);
            }
        }
    }
}
