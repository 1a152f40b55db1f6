package org.jtorch.parity.hostile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs calls in new JVMs, starts another one after each that died, and reports what ended them. */
final class Campaign {

    static final String JOURNAL = "journal";
    static final String SKIPPED = "skipped";

    /** The system property with a pattern: calls of other subjects are skipped. */
    static final String ONLY = "jtorch.hostile.only";

    /** The limits of one call in CPU time and in elapsed time. */
    static final int CPU_SECONDS = 10;

    static final int CLOCK_SECONDS = 120;

    /**
     * Allocations beyond this limit fail, so that a call that requests too much gets an exception and does not disturb the
     * machine.
     */
    private static final long ADDRESS_SPACE_KIB = 9L << 20;

    /**
     * The death of a JVM.
     *
     * @param subject what was called
     * @param end how the JVM ended
     * @param program the call, in Java
     */
    record Finding(String seed, long index, String subject, String end, String program) {
        @Override
        public String toString() {
            return end + " [seed " + seed + ", call " + index + "] " + subject + "\n    " + program;
        }
    }

    private final Path folder;
    private final String seed;
    private final int perSubject;
    private final List<Finding> findings = new ArrayList<>();
    private final Map<String, Integer> deaths = new LinkedHashMap<>();
    private long calls;

    /**
     * @param folder the folder for its files
     * @param seed the seed of all calls, or {@code written} for the programs written by hand
     * @param perSubject the number of deaths after which a method or operator is skipped
     */
    Campaign(Path folder, String seed, int perSubject) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.seed = seed;
        Files.deleteIfExists(folder.resolve("findings.txt"));
        this.perSubject = perSubject;
    }

    /** Returns the number of calls made. */
    long calls() {
        return calls;
    }

    /** Runs the calls from {@code from} to {@code to}, and returns what ended a JVM. */
    List<Finding> run(long from, long to) throws IOException, InterruptedException {
        long next = from;
        while (next < to) {
            Files.write(
                    folder.resolve(SKIPPED),
                    deaths.entrySet().stream()
                            .filter(e -> e.getValue() >= perSubject)
                            .map(Map.Entry::getKey)
                            .toList());
            Files.deleteIfExists(folder.resolve(JOURNAL));
            String end = child(next, to);
            Journal.Entry last = Journal.read(folder.resolve(JOURNAL));
            calls += last.done();
            if (end.isEmpty()) {
                break;
            }
            if (last.subject().isEmpty()) {
                throw new IllegalStateException("the JVM did not come to its first call: " + end + "\n"
                        + Files.readString(folder.resolve("output.txt")));
            }
            calls++;
            Finding finding =
                    new Finding(seed, last.index(), last.subject(), last.hung() ? "HANG" : end, last.program());
            findings.add(finding);
            report(finding);
            deaths.merge(last.subject(), 1, Integer::sum);
            next = last.index() + 1;
        }
        return findings;
    }

    private void report(Finding finding) throws IOException {
        Files.writeString(
                folder.resolve("findings.txt"),
                finding + "\n",
                java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.APPEND);
    }

    /** Returns how the child ended; empty after a normal end. */
    private String child(long from, long to) throws IOException, InterruptedException {
        Path error = folder.resolve("hs_err.log").toAbsolutePath();
        Files.deleteIfExists(error);
        List<String> java = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Xss2m",
                "-XX:CompressedClassSpaceSize=128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + error,
                "-D" + ONLY + "=" + System.getProperty(ONLY, ""),
                "-cp",
                System.getProperty("java.class.path"),
                HostileProgram.class.getName(),
                folder.toString(),
                seed,
                String.valueOf(from),
                String.valueOf(to));
        List<String> command = new ArrayList<>();
        if (System.getProperty("os.name").equals("Linux")) {
            command.addAll(List.of("sh", "-c", "ulimit -v " + ADDRESS_SPACE_KIB + "; exec \"$0\" \"$@\""));
        }
        command.addAll(java);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile());
        builder.environment().put("MALLOC_PERTURB_", "165"); // Freed memory is overwritten.
        builder.environment().put("OPENBLAS_NUM_THREADS", "1");
        builder.environment().put("OMP_NUM_THREADS", "1");
        Process process = builder.start();
        if (!process.waitFor(6, TimeUnit.HOURS)) {
            process.destroyForcibly();
            return "did not end";
        }
        int exit = process.exitValue();
        if (exit == 0) {
            return "";
        }
        return "CRASH " + exit + " " + cause(error);
    }

    /** Returns the most informative lines of the JVM's error file. */
    private static String cause(Path error) throws IOException {
        if (!Files.exists(error)) {
            return "without an error file";
        }
        List<String> lines = Files.readAllLines(error, java.nio.charset.StandardCharsets.ISO_8859_1);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith("#  SIG") || line.startsWith("#  Internal") || line.startsWith("# Native memory")) {
                out.append(line.substring(1).strip().replaceAll(" at pc.*", "")).append(' ');
            }
            if (line.startsWith("# Problematic frame") && i + 1 < lines.size()) {
                out.append(lines.get(i + 1).substring(1).strip());
                break;
            }
        }
        return out.toString();
    }

    /**
     * Runs a campaign. The arguments are a folder, the seed, from, to, and the number of deaths after which a subject is
     * skipped.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Campaign campaign = new Campaign(Path.of(arguments[0]), arguments[1], Integer.parseInt(arguments[4]));
        List<Finding> findings = campaign.run(Long.parseLong(arguments[2]), Long.parseLong(arguments[3]));
        findings.forEach(System.out::println);
        System.out.println(campaign.calls() + " calls, " + findings.size() + " findings");
    }
}
