package org.jtorch.cli;

import static org.jtorch.cli.CommandRun.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code jtorch launch} with programs of a shell. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
class LaunchCommandTest {

    @Test
    void startsEachRankAndPrefixesItsLines() {
        CommandRun run = run(
                "launch",
                "--nproc",
                "2",
                "--nnodes",
                "2",
                "--node-rank",
                "1",
                "--master-addr",
                "host",
                "--master-port",
                "4000",
                "--",
                "sh",
                "-c",
                "echo out $RANK of $WORLD_SIZE $MASTER_ADDR:$MASTER_PORT $1; echo err >&2",
                "sh",
                "--debug");
        assertEquals(0, run.status(), run.err());
        assertEquals(
                List.of("[rank 2] out 2 of 4 host:4000 --debug", "[rank 3] out 3 of 4 host:4000 --debug"),
                run.lines().stream().sorted().toList());
        assertTrue(run.err().contains("[rank 2] err") && run.err().contains("[rank 3] err"), run.err());
        assertFalse(run.out().contains("err"), run.out());
    }

    @Test
    void aProgramsOptionsAreItsOwnWithoutDashesToo() {
        CommandRun run = run("launch", "sh", "-c", "echo $# $1", "sh", "--nproc");
        assertEquals(0, run.status(), run.err());
        assertEquals(List.of("[rank 0] 1 --nproc"), run.lines());
    }

    @Test
    void theFirstThatFailsIsNamedWithItsLastLines() {
        CommandRun run = run(
                "launch",
                "--nproc",
                "2",
                "--restart",
                "1",
                "--",
                "sh",
                "-c",
                "echo $RANK; [ $RANK = 0 ] && sleep 50; exit 7");
        assertEquals(1, run.status());
        assertTrue(run.err().contains("jtorch: all processes are started again (1 of 1)"), run.err());
        String end =
                "jtorch: rank 1 ended with status 7; the other processes of this machine were ended. Its last lines:"
                        + System.lineSeparator() + "  1" + System.lineSeparator();
        assertTrue(run.err().endsWith(end), run.err());
    }

    @Test
    void wrongArguments() {
        for (String[] command : new String[][] {
            {"launch"},
            {"launch", "--nproc", "0", "--", "true"},
            {"launch", "--nnodes", "2", "--", "true"},
            {"launch", "--node-rank", "1", "--", "true"}
        }) {
            CommandRun run = run(command);
            assertEquals(2, run.status(), run.err());
            assertEquals(1, run.err().lines().count(), run.err());
        }
        CommandRun none = run("launch", "--", "no-such-program");
        assertEquals(1, none.status());
        assertTrue(none.err().startsWith("jtorch: 'no-such-program' cannot be started"), none.err());
    }

    /** SIGINT, which Ctrl-C sends, and SIGTERM end all ranks. */
    @ParameterizedTest
    @CsvSource({"INT, 2", "TERM, 15"})
    void aSignalEndsAllRanks(String name, int number) throws IOException, InterruptedException {
        assumeFalse(
                isIgnored(number),
                "a shell starts what runs in its background so that it ignores this signal, and this test too");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "launch",
                        "--nproc",
                        "2",
                        "--restart",
                        "5",
                        "--",
                        "sh",
                        "-c",
                        "echo $$; sleep 50")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            long[] ranks = new long[2];
            for (int i = 0; i < 2; i++) {
                String line = reader.readLine();
                ranks[i] = Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
            }
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            assertTrue(process.waitFor(20, TimeUnit.SECONDS), "the command still runs");
            assertEquals(128 + number, process.exitValue());
            for (long rank : ranks) {
                assertFalse(
                        ProcessHandle.of(rank)
                                .filter(handle -> handle.isAlive()
                                        && handle.info().command().isPresent())
                                .isPresent(),
                        "a rank still runs");
            }
        } finally {
            process.destroyForcibly();
        }
    }

    /** Returns whether this process, and those that it starts, ignore a signal. */
    private static boolean isIgnored(int signal) throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return false;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) >> (signal - 1) & 1) == 1);
    }
}
