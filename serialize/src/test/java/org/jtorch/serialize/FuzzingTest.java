package org.jtorch.serialize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jtorch.serialize.format.CheckpointException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever is read, the outcome is a result or a {@link CheckpointException}, soon and with little memory: for every seed, and
 * for what a coverage-guided fuzzer makes of them. How often it tries is the property {@code jtorch.fuzz.runs}; what it finds and
 * what it finds worth keeping lie in {@code target/fuzz}.
 */
class FuzzingTest {

    private static final long RUNS = Long.getLong("jtorch.fuzz.runs", 5_000);

    private static final Pattern DONE = Pattern.compile("Done ([0-9]+) runs in");

    private static FuzzBounds.Reading reading(String target, byte[] data) {
        return switch (target) {
            case "Pickle" -> () -> FuzzPickle.read(data);
            case "Zip" -> () -> FuzzZip.read(data);
            case "Safetensors" -> () -> FuzzSafetensors.read(data);
            case "Legacy" -> () -> FuzzLegacy.read(data);
            case "Index" -> () -> FuzzIndex.read(data);
            case "Checkpoint" -> () -> FuzzCheckpoint.read(data);
            default -> throw new IllegalArgumentException("no fuzz target is called " + target);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"Pickle", "Zip", "Safetensors", "Legacy", "Index", "Checkpoint"})
    void seeds(String target) {
        Map<String, byte[]> seeds = FuzzSeeds.of(target);
        int refused = 0;
        for (Map.Entry<String, byte[]> seed : seeds.entrySet()) {
            try {
                refused += FuzzBounds.read(reading(target, seed.getValue())) == null ? 0 : 1;
            } catch (RuntimeException | Error e) {
                throw new AssertionError(target + ", " + seed.getKey(), e);
            }
        }
        assertTrue(refused > 0 && refused < seeds.size(), refused + " of " + seeds.size() + " refused");
    }

    @Test
    void theBoundsHold() {
        assertThrows(AssertionError.class, () -> FuzzBounds.read(() -> touch(new byte[300 << 20])));
        assertThrows(AssertionError.class, () -> FuzzBounds.read(FuzzingTest::spin));
        assertThrows(
                IllegalStateException.class,
                () -> FuzzBounds.read(() -> {
                    throw new IllegalStateException("not a refusal");
                }));
        assertEquals("no", FuzzBounds.read(() -> {
            throw new CheckpointException("no");
        }));
    }

    private static void touch(byte[] bytes) {
        bytes[bytes.length - 1] = 1;
    }

    private static void spin() {
        ThreadMXBean thread = ManagementFactory.getThreadMXBean();
        long start = thread.getCurrentThreadCpuTime();
        while (thread.getCurrentThreadCpuTime() - start < 1_100_000_000L) {
            Thread.onSpinWait();
        }
    }

    /**
     * MiB that this process had in memory at its most. On Linux a process begins with that of its parent as its own peak, which
     * the fuzzer compares with its limit.
     */
    private static long inheritedPeak() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return 0;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) >> 10;
            }
        }
        return 0;
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {"Pickle", "Zip", "Safetensors", "Legacy", "Index", "Checkpoint"})
    void fuzzed(String target) throws IOException, InterruptedException {
        Path folder = Path.of("target", "fuzz", target).toAbsolutePath();
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        Path seeds = Files.createDirectories(folder.resolve("seeds"));
        for (Map.Entry<String, byte[]> seed : FuzzSeeds.of(target).entrySet()) {
            Files.write(seeds.resolve(seed.getKey().replaceAll("[^A-Za-z0-9.]", "_")), seed.getValue());
        }
        Path log = folder.resolve("log.txt");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=org.jtorch.serialize.Fuzz" + target,
                        "--instrumentation_includes=org.jtorch.serialize.**" + File.pathSeparator
                                + "com.fasterxml.jackson.core.json.**",
                        "--reproducer_path=" + folder,
                        "-artifact_prefix=" + folder + File.separator,
                        "-runs=" + RUNS,
                        "-max_len=16384",
                        "-timeout=30",
                        "-rss_limit_mb=" + (3000 + inheritedPeak()),
                        corpus.toString(),
                        seeds.toString()))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int status = process.waitFor();
        String text = Files.readString(log);
        Matcher done = DONE.matcher(text);
        assertTrue(
                status == 0 && done.find() && Long.parseLong(done.group(1)) >= RUNS,
                () -> "status " + status + "; the whole is in " + log + ":\n"
                        + text.substring(Math.max(0, text.length() - 4000)));
    }
}
