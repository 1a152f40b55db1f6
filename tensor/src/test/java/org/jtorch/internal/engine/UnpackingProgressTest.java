package org.jtorch.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackingProgressTest {

    private static String saidWhile(Path cache, boolean on, int bytes) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
                UnpackingProgress progress = UnpackingProgress.start(cache, stream, on)) {
            Thread.sleep(300);
            Files.write(cache.resolve("library"), new byte[bytes]);
            Thread.sleep(1_500);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aSlowUnpackingIsSaid(@TempDir Path cache) throws Exception {
        String[] lines = saidWhile(cache, true, 3_000_000).split("\\R");
        assertEquals(2, lines.length, String.join("|", lines));
        assertTrue(lines[0].startsWith("jtorch: unpacking the native libraries into " + cache), lines[0]);
        assertTrue(lines[1].matches("jtorch: 3 MB unpacked in \\d+.\\d s"), lines[1]);
    }

    @Test
    void nothingIsSaidWhenNothingIsUnpacked(@TempDir Path cache) throws Exception {
        assertEquals("", saidWhile(cache, true, 10));
    }

    @Test
    void nothingIsSaidWhenSwitchedOff(@TempDir Path cache) throws Exception {
        assertEquals("", saidWhile(cache, false, 3_000_000));
    }
}
