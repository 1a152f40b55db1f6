package org.jtorch.parity.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No Java program crashes the JVM or hangs: calls of the whole public API with hostile arguments run in new JVMs, and each of
 * them must end normally. Exceptions thrown inside are ignored.
 *
 * <p>A failure lists the calls as lines of Java, each with its seed and number; {@code Campaign} runs a range again:
 *
 * <pre>{@code
 * mvn -q -B -pl parity -am test -Dtest=HostileCallsTest -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dgroups=soak -Djtorch.excludedGroups= -Djtorch.hostile.seed=7
 * }</pre>
 *
 * runs the long form, 500,000 calls. {@code -Djtorch.hostile.only=PATTERN} selects the calls of matching methods and operators.
 */
class HostileCallsTest {

    private static final long LONG_FORM = 500_000;
    private static final long SHORT_FORM = 4_000;

    @TempDir
    Path folder;

    @Test
    void programsWrittenByHandEndNormally() throws IOException, InterruptedException {
        Campaign campaign = new Campaign(folder, "written", Integer.MAX_VALUE);
        int programs = WrittenPrograms.all().size();
        check(campaign.run(0, programs));
        assertEquals(programs, campaign.calls());
    }

    @Test
    @Tag("slow")
    void someGeneratedCallsEndNormally() throws IOException, InterruptedException {
        generated("1", SHORT_FORM);
    }

    @Test
    @Tag("soak")
    void manyGeneratedCallsEndNormally() throws IOException, InterruptedException {
        generated(System.getProperty("jtorch.hostile.seed", "2"), LONG_FORM);
    }

    private void generated(String seed, long calls) throws IOException, InterruptedException {
        Campaign campaign = new Campaign(folder, seed, 3);
        check(campaign.run(0, calls));
        assertTrue(
                campaign.calls() == calls || System.getProperty(Campaign.ONLY) != null,
                () -> "only " + campaign.calls() + " calls of " + calls + " were made");
    }

    /** The suite finds a call that ends the JVM and one that never ends. Otherwise, finding nothing would mean nothing. */
    @Test
    void theEndOfAJvmIsFound() throws IOException, InterruptedException {
        Campaign campaign = new Campaign(folder, "deadly", 1);
        List<Campaign.Finding> findings = campaign.run(0, 3);
        assertEquals(
                List.of("HANG", "CRASH"),
                findings.stream().map(f -> f.end().split(" ")[0]).toList());
        assertEquals(
                List.of("never ends", "writes to address 8"),
                findings.stream().map(Campaign.Finding::subject).toList());
        assertTrue(findings.get(1).end().contains("SIGSEGV"), findings.get(1).end());
        assertEquals(3, campaign.calls());
        assertTrue(Files.readString(folder.resolve("findings.txt")).contains("never ends"));
    }

    private static void check(List<Campaign.Finding> findings) {
        assertEquals(
                "",
                findings.stream().map(Campaign.Finding::toString).collect(Collectors.joining("\n")),
                () -> findings.size() + " calls ended the JVM");
    }
}
