package org.jtorch.optim.lrscheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jtorch.optim.SGD;
import org.junit.jupiter.api.Test;

/** The warnings about the order of calls. Each is given once a process, so that each test runs in one of its own. */
class SchedulerWarningsTest {

    /** Prints the warnings of a scenario. */
    static final class Scenario {
        private Scenario() {}

        @SuppressWarnings("deprecation")
        public static void main(String[] args) {
            List<String> warnings = new ArrayList<>();
            Logger logger = Logger.getLogger(LRScheduler.class.getName());
            logger.setUseParentHandlers(false);
            logger.addHandler(new Handler() {
                @Override
                public void publish(LogRecord record) {
                    warnings.add(record.getMessage());
                }

                @Override
                public void flush() {
                    // Nothing is kept.
                }

                @Override
                public void close() {
                    // Nothing is open.
                }
            });
            SGD optimizer = RecordedSchedules.sgd();
            StepLR scheduler = new StepLR(optimizer, 3);
            switch (args[0]) {
                case "right" -> {
                    optimizer.step();
                    scheduler.step();
                    new ExponentialLR(optimizer, 0.9).step(); // the optimizer has stepped since its first schedule
                }
                case "wrong" -> {
                    scheduler.step();
                    optimizer.step();
                    scheduler.step();
                    SGD other = RecordedSchedules.sgd();
                    new StepLR(other, 3).step(); // the text is given once
                }
                case "before" -> {
                    SGD other = RecordedSchedules.sgd();
                    other.step(); // before there was a schedule
                    new StepLR(other, 3).step();
                }
                case "loaded" -> {
                    optimizer.step();
                    scheduler.step();
                    SGD other = RecordedSchedules.sgd();
                    StepLR next = new StepLR(other, 3);
                    next.loadStateDict(scheduler.stateDict());
                    next.step(); // it is not its first step
                }
                case "epoch" -> {
                    optimizer.step();
                    scheduler.step(5);
                    scheduler.step(6);
                    new ReduceLROnPlateau(optimizer).step(1.0, 3);
                }
                case "restarts" -> new CosineAnnealingWarmRestarts(optimizer, 3).step(1.5);
                default -> throw new AssertionError(args[0]);
            }
            warnings.forEach(System.out::println);
        }
    }

    private static List<String> warnings(String scenario) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Scenario.class.getName(),
                        scenario)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines = new String(
                        process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertEquals(true, process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), String.join("\n", lines));
        return lines;
    }

    @Test
    void theOrderOfCallsIsWarnedAboutOnce() throws IOException, InterruptedException {
        List<String> expected = List.of(
                "Detected call of `lr_scheduler.step()` before `optimizer.step()`. In PyTorch 1.1.0 and later, you should"
                        + " call them in the opposite order: `optimizer.step()` before `lr_scheduler.step()`.  Failure to do"
                        + " this will result in PyTorch skipping the first value of the learning rate schedule. See more"
                        + " details at https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate");
        assertEquals(expected, warnings("wrong"));
        assertEquals(expected, warnings("before"));
    }

    @Test
    void theRightOrderIsSilent() throws IOException, InterruptedException {
        assertEquals(List.of(), warnings("right"));
        assertEquals(List.of(), warnings("loaded"));
        assertEquals(List.of(), warnings("restarts"));
    }

    @Test
    void epochsAreWarnedAboutOnce() throws IOException, InterruptedException {
        assertEquals(List.of(LRScheduler.EPOCH_DEPRECATED), warnings("epoch"));
    }
}
