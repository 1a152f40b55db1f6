package org.jtorch.optim.lrscheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.jtorch.optim.Optimizer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Schedules give PyTorch's learning rates and momenta; {@code parity/record/schedulers.py} recorded them. */
class SchedulesTest {

    private static final int STEPS = 200;

    private static List<DynamicTest> tests(@Nullable String part, String what, Replay replay) throws IOException {
        JsonNode recorded = RecordedSchedules.read();
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode test : recorded.get("cases")) {
            if (part == null || test.has(part)) {
                tests.add(DynamicTest.dynamicTest(
                        RecordedSchedules.name(test) + what,
                        () -> replay.run(test, recorded.get("savedAt").asInt())));
            }
        }
        return tests;
    }

    private interface Replay {
        void run(JsonNode test, int savedAt);
    }

    static void check(JsonNode recorded, int row, Optimizer<?> optimizer) {
        for (int group = 0; group < 2; group++) {
            String where = "row " + row + ", group " + group;
            near(recorded.get("lr").get(group).get(row).asDouble(), RecordedSchedules.lr(optimizer, group), where);
            if (recorded.has("momentum")) {
                double momentum = recorded.get("momentum").get(group).get(row).asDouble();
                near(momentum, RecordedSchedules.momentum(optimizer, group), "momentum, " + where);
            }
        }
    }

    private static void near(double expected, double actual, String where) {
        assertEquals(expected, actual, 1e-12 * Math.abs(expected) + 1e-18, where);
    }

    @TestFactory
    List<DynamicTest> twoHundredStepsAreAsInPython() throws IOException {
        List<DynamicTest> tests = tests(null, "", (test, savedAt) -> {
            Optimizer<?> optimizer =
                    RecordedSchedules.optimizer(test.get("optimizer").asText());
            LRScheduler scheduler = RecordedSchedules.build(test, optimizer);
            check(test.get("steps"), 0, optimizer);
            for (int step = 1; step < STEPS; step++) {
                optimizer.step();
                RecordedSchedules.advance(scheduler, step);
                check(test.get("steps"), step, optimizer);
            }
            assertEquals(
                    List.of(RecordedSchedules.lr(optimizer, 0), RecordedSchedules.lr(optimizer, 1)),
                    scheduler.getLastLr());
        });
        TreeSet<String> types = new TreeSet<>();
        RecordedSchedules.read()
                .get("cases")
                .forEach(test -> types.add(test.get("type").asText()));
        assertEquals(16, types.size(), types.toString());
        return tests;
    }

    @TestFactory
    List<DynamicTest> aLoadedStateGoesOnAsInPython() throws IOException {
        return tests(null, "", (test, savedAt) -> {
            Optimizer<?> optimizer =
                    RecordedSchedules.optimizer(test.get("optimizer").asText());
            LRScheduler scheduler = RecordedSchedules.build(test, optimizer);
            for (int step = 1; step <= savedAt; step++) {
                RecordedSchedules.advance(scheduler, step);
            }
            Map<?, ?> optimizerState = optimizer.stateDict();
            Map<?, ?> schedulerState = scheduler.stateDict();
            Optimizer<?> other =
                    RecordedSchedules.optimizer(test.get("optimizer").asText());
            LRScheduler next = RecordedSchedules.build(test, other);
            other.loadStateDict(optimizerState);
            next.loadStateDict(schedulerState);
            JsonNode expected = test.has("resumed") ? test.get("resumed") : test.get("steps");
            assertEquals(schedulerState, next.stateDict());
            for (int step = savedAt + 1; step < STEPS; step++) {
                RecordedSchedules.advance(next, step);
                check(expected, step, other);
            }
        });
    }

    @TestFactory
    @SuppressWarnings("deprecation")
    List<DynamicTest> epochsAreAsInPython() throws IOException {
        return tests("closed", " to epochs", (test, savedAt) -> {
            Optimizer<?> optimizer =
                    RecordedSchedules.optimizer(test.get("optimizer").asText());
            LRScheduler scheduler = RecordedSchedules.build(test, optimizer);
            JsonNode closed = test.get("closed");
            int row = 0;
            for (JsonNode epoch : closed.get("epochs")) {
                scheduler.step(epoch.asLong());
                assertEquals(epoch.asLong(), scheduler.lastEpoch());
                check(closed, row++, optimizer);
            }
            scheduler.step();
            check(closed, row, optimizer);
        });
    }

    @TestFactory
    List<DynamicTest> momentsWithinEpochsAreAsInPython() throws IOException {
        return tests("restarts", " to moments", (test, savedAt) -> {
            Optimizer<?> optimizer =
                    RecordedSchedules.optimizer(test.get("optimizer").asText());
            CosineAnnealingWarmRestarts scheduler =
                    (CosineAnnealingWarmRestarts) RecordedSchedules.build(test, optimizer);
            int row = 0;
            for (JsonNode epoch : test.get("restarts").get("epochs")) {
                scheduler.step(epoch.asDouble());
                check(test.get("restarts"), row++, optimizer);
                scheduler.step();
                check(test.get("restarts"), row++, optimizer);
            }
        });
    }
}
