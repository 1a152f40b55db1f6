package org.jtorch.optim.lrscheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.optim.Optimizer;
import org.jtorch.optim.SGD;
import org.jtorch.serialize.Checkpoint;
import org.jtorch.serialize.python.Counter;
import org.jtorch.serialize.python.Tuple;
import org.junit.jupiter.api.Test;

/**
 * States of schedules that Python saved go on here. Python goes on with those saved here:
 * {@code python3 parity/record/schedulers.py check optim/target/schedulers.pt}.
 */
class SchedulerStateTest {

    private static List<?> recordedStates() throws IOException {
        try (InputStream in = SchedulerStateTest.class.getResourceAsStream("states.pt")) {
            return (List<?>) Objects.requireNonNull(
                    Checkpoint.load(Objects.requireNonNull(in)).root());
        }
    }

    private static Map<?, ?> part(Object state, String key) {
        return (Map<?, ?>) Objects.requireNonNull(((Map<?, ?>) state).get(key));
    }

    @Test
    void pythonsSchedulesGoOn() throws IOException {
        JsonNode recorded = RecordedSchedules.read();
        int savedAt = recorded.get("savedAt").asInt();
        List<?> states = recordedStates();
        for (int i = 0; i < states.size(); i++) {
            JsonNode test = recorded.get("cases").get(i);
            Map<?, ?> state = part(states.get(i), "scheduler");
            Optimizer<?> optimizer =
                    RecordedSchedules.optimizer(test.get("optimizer").asText());
            LRScheduler scheduler = RecordedSchedules.build(test, optimizer);
            optimizer.loadStateDict(part(states.get(i), "optimizer"));
            scheduler.loadStateDict(state);
            assertSame(state, scheduler.stateDict(), RecordedSchedules.name(test));
            JsonNode expected = test.has("resumed") ? test.get("resumed") : test.get("steps");
            for (int step = savedAt + 1; step < savedAt + 100; step++) {
                RecordedSchedules.advance(scheduler, step);
                SchedulesTest.check(expected, step, optimizer);
            }
        }
        assertEquals(recorded.get("cases").size(), states.size());
    }

    /** The arguments are those of the file, not those with which the schedule was created. */
    @Test
    void theArgumentsAreThoseOfTheFile() throws IOException {
        JsonNode recorded = RecordedSchedules.read();
        int savedAt = recorded.get("savedAt").asInt();
        List<?> states = recordedStates();
        Set<String> done = new TreeSet<>();
        for (int i = 0; i < states.size(); i++) {
            JsonNode test = recorded.get("cases").get(i);
            Optimizer<?> optimizer = RecordedSchedules.sgd();
            LRScheduler scheduler =
                    switch (test.get("type").asText()) {
                        case "StepLR" -> new StepLR(optimizer, 99, o -> o.gamma(9));
                        case "MultiStepLR" -> new MultiStepLR(optimizer, List.of(1, 2, 3), o -> o.gamma(9));
                        case "ConstantLR" ->
                            new ConstantLR(optimizer, o -> o.factor(0.9).totalIters(9));
                        case "LinearLR" ->
                            new LinearLR(optimizer, o -> o.startFactor(0.9).totalIters(9));
                        case "ExponentialLR" -> new ExponentialLR(optimizer, 9);
                        case "PolynomialLR" -> new PolynomialLR(optimizer, o -> o.power(9));
                        case "CosineAnnealingLR" -> new CosineAnnealingLR(optimizer, 9, o -> o.etaMin(9));
                        case "CosineAnnealingWarmRestarts" -> new CosineAnnealingWarmRestarts(optimizer, 9);
                        case "ReduceLROnPlateau" -> new ReduceLROnPlateau(optimizer, o -> o.patience(99));
                        default -> null;
                    };
            if (scheduler == null) {
                continue;
            }
            done.add(test.get("type").asText());
            optimizer.loadStateDict(part(states.get(i), "optimizer"));
            scheduler.loadStateDict(part(states.get(i), "scheduler"));
            for (int step = savedAt + 1; step < savedAt + 60; step++) {
                RecordedSchedules.advance(scheduler, step);
                SchedulesTest.check(test.get("steps"), step, optimizer);
            }
        }
        assertEquals(9, done.size(), done.toString());
    }

    @Test
    void oursAreSavedForPython() throws IOException {
        JsonNode recorded = RecordedSchedules.read();
        int savedAt = recorded.get("savedAt").asInt();
        List<Object> saved = new ArrayList<>();
        for (JsonNode test : recorded.get("cases")) {
            Optimizer<?> optimizer =
                    RecordedSchedules.optimizer(test.get("optimizer").asText());
            LRScheduler scheduler = RecordedSchedules.build(test, optimizer);
            for (int step = 1; step <= savedAt; step++) {
                RecordedSchedules.advance(scheduler, step);
            }
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("optimizer", optimizer.stateDict());
            entry.put("scheduler", scheduler.stateDict());
            List<Object> next = new ArrayList<>();
            for (int step = savedAt + 1; step < savedAt + 100; step++) {
                RecordedSchedules.advance(scheduler, step);
                next.add(List.of(
                        RecordedSchedules.lr(optimizer, 0),
                        RecordedSchedules.lr(optimizer, 1),
                        RecordedSchedules.momentum(optimizer, 0),
                        RecordedSchedules.momentum(optimizer, 1)));
            }
            entry.put("next", next);
            saved.add(entry);
        }
        Path file = Path.of("target", "schedulers.pt");
        Checkpoint.save(file, saved);
        List<?> states = recordedStates();
        List<?> read = (List<?>) Objects.requireNonNull(Checkpoint.load(file).root());
        for (int i = 0; i < states.size(); i++) {
            String name = RecordedSchedules.name(recorded.get("cases").get(i));
            assertSame(part(states.get(i), "scheduler"), part(read.get(i), "scheduler"), name);
            assertSameGroups(part(states.get(i), "optimizer"), part(read.get(i), "optimizer"), name);
        }
    }

    /** Compares the groups, with what the schedules keep there. */
    private static void assertSameGroups(Map<?, ?> expected, Map<?, ?> actual, String name) {
        List<?> groups = (List<?>) Objects.requireNonNull(expected.get("param_groups"));
        for (int i = 0; i < groups.size(); i++) {
            Map<?, ?> saved = (Map<?, ?>) ((List<?>) Objects.requireNonNull(actual.get("param_groups"))).get(i);
            assertSame(groups.get(i), saved, name);
        }
    }

    /** Python's numbers may be whole where ours are not; milestones must be a Counter. */
    private static void assertSame(@Nullable Object expected, @Nullable Object actual, String where) {
        if (expected instanceof Number number && actual instanceof Number other) {
            double value = number.doubleValue();
            double tolerance = Double.isInfinite(value) ? 0 : 1e-12 * Math.abs(value);
            assertEquals(value, other.doubleValue(), tolerance, where);
        } else if (expected instanceof Map<?, ?> map) {
            assertEquals(map instanceof Counter, actual instanceof Counter, where);
            Map<?, ?> other = (Map<?, ?>) Objects.requireNonNull(actual);
            assertEquals(map.keySet(), other.keySet(), where);
            map.forEach((key, value) -> assertSame(value, other.get(key), where + ": " + key));
        } else if (expected instanceof List<?> list) {
            List<?> other = (List<?>) Objects.requireNonNull(actual);
            assertEquals(list.size(), other.size(), where);
            for (int i = 0; i < list.size(); i++) {
                assertSame(list.get(i), other.get(i), where + " " + i);
            }
        } else if (expected instanceof Tuple tuple) {
            assertSame(tuple.values(), ((Tuple) Objects.requireNonNull(actual)).values(), where);
        } else {
            assertEquals(expected, actual, where);
        }
    }

    // --- states that do not fit --------------------------------------------------------------------------------

    private static void refused(LRScheduler scheduler, String message, Consumer<Map<String, @Nullable Object>> change) {
        Map<String, @Nullable Object> before = scheduler.stateDict();
        Map<String, @Nullable Object> state = new LinkedHashMap<>(before);
        change.accept(state);
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> scheduler.loadStateDict(state), message);
        assertTrue(e.getMessage().contains(message), e.getMessage());
        assertEquals(before, scheduler.stateDict());
    }

    @Test
    void whatDoesNotFitIsRefusedWithNothingChanged() {
        SGD optimizer = RecordedSchedules.sgd();
        StepLR step = new StepLR(optimizer, 3);
        refused(step, "'gamma' in the state of StepLR: it must be a number, not text (String)", state -> {
            state.put("step_size", 7L);
            state.put("gamma", "text");
        });
        refused(
                step,
                "'gamma' in the state of StepLR: it must be a number, not true (Boolean)",
                s -> s.put("gamma", true));
        refused(step, "'step_size' in the state of StepLR: it must be at least 1, not 0", s -> s.put("step_size", 0L));
        refused(step, "'last_epoch' in the state of StepLR: it must be a whole number", s -> s.put("last_epoch", 1.5));
        refused(step, "'gamma' in the state of StepLR: it is missing", s -> s.remove("gamma"));
        refused(
                step,
                "the loaded state has 'T_max', which the state of StepLR does not have; it has [step_size, ",
                s -> s.put("T_max", 3L));
        refused(
                step,
                "'base_lrs' in the state of StepLR: it has the values of 3 groups, but the optimizer has 2",
                s -> s.put("base_lrs", List.of(1.0, 2.0, 3.0)));
        LambdaLR lambda = new LambdaLR(optimizer, epoch -> 1);
        refused(lambda, "Expected 2 lr_lambdas, but got 1", s -> s.put("lr_lambdas", List.of(1)));
        refused(lambda, "the attributes of a Python object", s -> s.put("lr_lambdas", List.of(Map.of(), Map.of())));
        refused(
                new MultiStepLR(optimizer, List.of(3)),
                "'milestones' in the state of MultiStepLR: it must be a Counter, not [3]",
                s -> s.put("milestones", List.of(3)));
        CyclicLR cyclic = new CyclicLR(optimizer, 0.1, 0.2);
        refused(cyclic, "mode square is unknown!", s -> s.put("mode", "square"));
        refused(
                cyclic,
                "'use_beta1' in the state of CyclicLR: it must be false as here",
                s -> s.put("use_beta1", true));
        OneCycleLR cycle = new OneCycleLR(optimizer, 0.1, o -> o.totalSteps(10));
        refused(cycle, "'_schedule_phases' in the state of OneCycleLR: it must be", s -> s.put("_schedule_phases", 1L));
        refused(
                cycle,
                "'start_lr' in the state of OneCycleLR: it must be one of",
                s -> s.put("_schedule_phases", List.of(Map.of("end_step", 1.0, "start_lr", "lr"))));
        ReduceLROnPlateau plateau = new ReduceLROnPlateau(optimizer);
        refused(plateau, "threshold mode x is unknown!", s -> s.put("threshold_mode", "x"));
        SequentialLR sequential = new SequentialLR(
                optimizer, List.of(new ConstantLR(optimizer), new ExponentialLR(optimizer, 0.9)), List.of(3));
        refused(sequential, "it has the states of 1 schedules, but there are 2", s -> s.put("_schedulers", List.of(1)));
        refused(sequential, "it must be 1 milestones, not [1, 2]", s -> s.put("_milestones", List.of(1L, 2L)));
        Map<String, @Nullable Object> first = new LinkedHashMap<>(new ConstantLR(optimizer).stateDict());
        first.put("factor", 0.9);
        refused(
                sequential,
                "'gamma' in the state of ExponentialLR: it is missing",
                s -> s.put("_schedulers", List.of(first, Map.of())));
    }

    @Test
    void olderAndOtherFilesAreRead() {
        SGD optimizer = RecordedSchedules.sgd();
        StepLR step = new StepLR(optimizer, 3);
        Map<String, @Nullable Object> state = new LinkedHashMap<>(step.stateDict());
        state.remove("_is_initial");
        state.put("verbose", false);
        state.put("gamma", 1L);
        Tensor rate = Torch.tensor(0.25);
        state.put("base_lrs", List.of(rate, rate));
        step.loadStateDict(state);
        assertEquals(1.0, step.stateDict().get("gamma"));
        assertEquals(List.of(0.25, 0.25), step.stateDict().get("base_lrs"));
    }
}
