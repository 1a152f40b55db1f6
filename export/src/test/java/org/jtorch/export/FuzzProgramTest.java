package org.jtorch.export;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whatever JSON a program has, it is read or refused, soon and with little memory ({@link FuzzProgram}): for every seed, and for what a
 * coverage-guided fuzzer makes of them. How often it tries is the property {@code jtorch.fuzz.runs}; what it finds and what it finds
 * worth keeping lie in {@code target/fuzz}.
 */
class FuzzProgramTest {

    private static final long RUNS = Long.getLong("jtorch.fuzz.runs", 1_000);

    private static final Path KEPT = Path.of("src/test/resources/fuzz/Program");

    private static final Pattern DONE = Pattern.compile("Done ([0-9]+) runs in");

    /** The JSON of recorded programs, and what earlier runs found useful. */
    private static Map<String, byte[]> seeds() throws IOException {
        Map<String, byte[]> seeds = new TreeMap<>();
        for (String name : FuzzProgram.SEEDS) {
            seeds.put(name, new ProgramArchive(name).entries.get(FuzzProgram.MODEL));
        }
        try (Stream<Path> files = Files.list(KEPT)) {
            for (Path file : files.toList()) {
                seeds.put("fuzz_" + file.getFileName(), Files.readAllBytes(file));
            }
        }
        return seeds;
    }

    @Test
    void seedsAreReadOrRefused() throws IOException {
        for (Map.Entry<String, byte[]> seed : seeds().entrySet()) {
            String refusal;
            try {
                refusal = FuzzProgram.refusal(seed.getValue());
            } catch (RuntimeException | Error e) {
                throw new AssertionError(seed.getKey(), e);
            }
            if (FuzzProgram.SEEDS.contains(seed.getKey())) {
                assertNull(refusal, seed.getKey());
            }
        }
        assertNotNull(FuzzProgram.refusal(new byte[] {'{', '}'}));
    }

    @Tag("slow")
    @Test
    void fuzzed() throws IOException, InterruptedException {
        Path folder = Path.of("target", "fuzz", "Program").toAbsolutePath();
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        Path start = Files.createDirectories(folder.resolve("seeds"));
        for (Map.Entry<String, byte[]> seed : seeds().entrySet()) {
            Files.write(start.resolve(seed.getKey()), seed.getValue());
        }
        Path log = folder.resolve("log.txt");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=org.jtorch.export.FuzzProgram",
                        "--instrumentation_includes=org.jtorch.export.**" + File.pathSeparator
                                + "com.fasterxml.jackson.core.json.**",
                        "--reproducer_path=" + folder,
                        "-artifact_prefix=" + folder + File.separator,
                        "-runs=" + RUNS,
                        "-max_len=16384",
                        "-timeout=30",
                        "-rss_limit_mb=6000",
                        corpus.toString(),
                        start.toString()))
                // the seeds are found from here
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
