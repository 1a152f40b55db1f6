package org.jtorch.distributed.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Programs of a shell are started as ranks. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
class LauncherTest {

    @TempDir
    Path folder;

    private final List<String> out = Collections.synchronizedList(new ArrayList<>());
    private final List<String> err = Collections.synchronizedList(new ArrayList<>());

    private void launch(String script, Consumer<LaunchOptions> options) throws InterruptedException {
        Launcher.run(List.of("sh", "-c", script, "sh", folder.toString()), o -> {
            o.out(out::add).err(err::add);
            options.accept(o);
        });
    }

    private LaunchException fails(String script, Consumer<LaunchOptions> options) {
        return assertThrows(LaunchException.class, () -> launch(script, options));
    }

    @Test
    void eachRankKnowsItsPlace() throws InterruptedException {
        launch(
                "echo $RANK $WORLD_SIZE $LOCAL_RANK $LOCAL_WORLD_SIZE $GROUP_RANK $MASTER_ADDR $MASTER_PORT"
                        + " $TORCHELASTIC_RESTART_COUNT $X ${OMP_NUM_THREADS:-none}",
                o -> o.processes(2)
                        .machines(3)
                        .machine(1)
                        .masterAddr("10.0.0.7")
                        .masterPort(4000)
                        .environment("X", "y")
                        .environment("OMP_NUM_THREADS", "3"));
        out.sort(null);
        assertEquals(List.of("[rank 2] 2 6 0 2 1 10.0.0.7 4000 0 y 3", "[rank 3] 3 6 1 2 1 10.0.0.7 4000 0 y 3"), out);
        assertEquals(List.of(), err);
    }

    @Test
    void oneMachineNeedsNoAddress() throws InterruptedException {
        launch("echo $MASTER_ADDR; test $MASTER_PORT -gt 0", o -> {});
        assertEquals(List.of("[rank 0] 127.0.0.1"), out);
    }

    @Test
    void threadsAreSetIfTheUserDoesNot() throws InterruptedException {
        launch("echo ${OMP_NUM_THREADS:-none}", o -> o.processes(2));
        String expected = System.getenv("OMP_NUM_THREADS") == null ? "1" : System.getenv("OMP_NUM_THREADS");
        assertTrue(out.contains("[rank 1] " + expected), out::toString);
        assertEquals(System.getenv("OMP_NUM_THREADS") == null ? 1 : 0, err.size(), err::toString);
    }

    /** A process whose output nobody reads any more would be ended by the signal of a broken pipe. */
    @Test
    void aConsumerThatFailsDoesNotEndTheProcess() throws InterruptedException {
        launch(
                "echo a; sleep 0.2; i=0; while [ $i -lt 20 ]; do echo b; i=$((i + 1)); done; echo c >&2",
                o -> o.out(line -> {
                    throw new IllegalStateException(line);
                }));
        assertEquals(List.of("[rank 0] c"), err);
    }

    @Test
    void thePortsOfRestartsMustExist() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> launch(
                        "true", o -> o.masterPort(65535).masterAddr("127.0.0.1").restarts(2)));
        assertTrue(String.valueOf(e.getMessage()).contains("the last would be 65537"), e::toString);
    }

    @Test
    void bothStreamsAreKeptApart() throws InterruptedException {
        launch("echo a; echo b >&2; printf 'no end'", o -> o.processes(1));
        assertEquals(List.of("[rank 0] a", "[rank 0] no end"), out);
        assertEquals(List.of("[rank 0] b"), err);
    }

    @Test
    void theFirstThatFailsEndsTheOthers() throws IOException {
        long start = System.nanoTime();
        LaunchException e = fails(
                "if [ $RANK = 1 ]; then sleep 0.5; for i in $(seq 30); do echo line $i; done; echo reason >&2; exit 3; fi;"
                        + " echo $$ > $1/pid$RANK; sleep 50",
                o -> o.processes(3));
        assertEquals(1, e.rank());
        assertEquals(3, e.status());
        assertTrue(
                e.getMessage()
                        .startsWith("rank 1 ended with status 3; the other processes of this machine were ended."),
                e.getMessage());
        assertEquals(16, e.lastLines().size(), e::toString);
        assertEquals(List.of("line 30", "reason"), e.lastLines().subList(14, 16));
        assertTrue(seconds(start) < 8, "the others were not ended soon");
        for (String name : List.of("pid0", "pid2")) {
            assertFalse(isAlive(name), "a rank still runs");
        }
    }

    @Test
    void aSignalIsNamed() {
        LaunchException e = fails("test $RANK = 1 && kill -9 $$; sleep 50", o -> o.processes(2));
        assertEquals(137, e.status());
        assertTrue(e.getMessage().contains("rank 1 was ended by the signal SIGKILL (status 137)"), e.getMessage());
    }

    @Test
    void theProcessesThatARankStartedAreEndedToo() throws IOException {
        fails(
                "if [ $RANK = 1 ]; then while [ ! -s $1/child ]; do sleep 0.1; done; exit 1; fi;"
                        + " sleep 50 & echo $! > $1/child; wait",
                o -> o.processes(2));
        assertFalse(isAlive("child"), "the process that rank 0 had started still runs");
    }

    @Test
    void oneThatDoesNotEndIsKilled() throws IOException {
        long start = System.nanoTime();
        fails(
                "if [ $RANK = 1 ]; then while [ ! -s $1/deaf ]; do sleep 0.1; done; exit 1; fi;"
                        + " trap '' TERM; echo $$ > $1/deaf; while true; do sleep 0.1; done",
                o -> o.processes(2).grace(Duration.ofSeconds(1)));
        assertFalse(isAlive("deaf"), "a rank that ignores SIGTERM still runs");
        assertTrue(seconds(start) > 1, "it was not given the time to end");
    }

    @Test
    void allAreStartedAgainAndContinue() throws InterruptedException, IOException {
        launch(
                "echo attempt $TORCHELASTIC_RESTART_COUNT of $TORCHELASTIC_MAX_RESTARTS; echo $MASTER_PORT >> $1/ports$RANK;"
                        + " if [ $RANK = 1 ] && [ $TORCHELASTIC_RESTART_COUNT -lt 2 ]; then exit 5; fi;"
                        + " if [ $TORCHELASTIC_RESTART_COUNT -lt 2 ]; then sleep 50; fi",
                o -> o.processes(2).restarts(2));
        assertTrue(out.contains("[rank 0] attempt 2 of 2") && out.contains("[rank 1] attempt 2 of 2"), out::toString);
        assertTrue(err.contains("jtorch: all processes are started again (2 of 2)"), err::toString);
        List<String> ports = Files.readAllLines(folder.resolve("ports1"));
        assertEquals(3, ports.size());
        assertNotEquals(ports.get(0), ports.get(1));
    }

    @Test
    void thereIsAnEndToStartingAgain() {
        LaunchException e =
                fails("echo x >> $1/count; exit 4", o -> o.restarts(1).masterPort(4000));
        assertEquals(4, e.status());
        assertEquals(
                1, err.stream().filter(line -> line.contains("started again")).count(), err::toString);
    }

    @Test
    void anInterruptEndsAll() throws Exception {
        Thread launches = new Thread(() -> assertThrows(
                InterruptedException.class, () -> launch("echo $$ > $1/pid$RANK; sleep 50", o -> o.processes(2))));
        launches.start();
        while (!Files.exists(folder.resolve("pid0")) || !Files.exists(folder.resolve("pid1"))) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        TimeUnit.MILLISECONDS.sleep(100);
        launches.interrupt();
        launches.join(TimeUnit.SECONDS.toMillis(20));
        assertFalse(launches.isAlive());
        assertFalse(isAlive("pid0") || isAlive("pid1"), "a rank still runs");
    }

    @Test
    void wrongArgumentsAreRefused() {
        LaunchException none =
                assertThrows(LaunchException.class, () -> Launcher.run(List.of("no-such-program"), o -> o.restarts(3)));
        assertEquals(-1, none.status());
        assertTrue(none.getMessage().startsWith("'no-such-program' cannot be started"), none.getMessage());
        refused("a command is needed", List.of(), o -> {});
        refused("at least 1, not 0", List.of("true"), o -> o.processes(0));
        refused("from 0 to 1, since there are 2 machines, not 2", List.of("true"), o -> o.machines(2)
                .machine(2));
        refused("with 2 machines, all need the address", List.of("true"), o -> o.machines(2));
    }

    private static void refused(String part, List<String> command, Consumer<LaunchOptions> options) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Launcher.run(command, options));
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    private boolean isAlive(String file) throws IOException {
        long pid = Long.parseLong(Files.readString(folder.resolve(file)).strip());
        return ProcessHandle.of(pid)
                .filter(process -> process.isAlive() && process.info().command().isPresent())
                .isPresent();
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
