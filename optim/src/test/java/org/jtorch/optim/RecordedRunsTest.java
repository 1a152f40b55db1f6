package org.jtorch.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.nn.Parameter;
import org.jtorch.optim.options.OptimizerOptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Optimizers change parameters as PyTorch's do over 20 steps, and have the same state afterwards, whatever way the engine is
 * called; {@code parity/record/optimizers.py} recorded it.
 */
class RecordedRunsTest {

    /** How the engine is called: the options {@code foreach} and {@code fused}. */
    private record Way(@Nullable Boolean foreach, @Nullable Boolean fused) {}

    @TestFactory
    List<DynamicTest> twentyStepsAreAsInPython() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode run : RecordedRuns.read("optimizers.json.gz").get("cases")) {
            tests.add(DynamicTest.dynamicTest(RecordedRuns.title(run), () -> replay(run)));
        }
        assertTrue(tests.size() >= 300, "there are " + tests.size());
        return tests;
    }

    private static void replay(JsonNode run) {
        List<double[]> plain = null;
        for (Way way : ways(run)) {
            try (TensorScope scope = new TensorScope()) {
                List<Parameter> p = RecordedRuns.parameters(run);
                Optimizer<?> optimizer = create(run, p, way);
                for (int step = 0; step < 20; step++) {
                    for (int k = 0; k < p.size(); k++) {
                        p.get(k)
                                .setGrad(RecordedRuns.gradient(
                                        p.get(k), step, k, run.get("gradients").asText()));
                    }
                    optimizer.step();
                }
                List<double[]> values = p.stream().map(RecordedRuns::elements).toList();
                for (int k = 0; k < p.size(); k++) {
                    assertClose(run, run.get("parameters").get(k), values.get(k), 1, way + ": parameter " + k);
                }
                assertState(run, optimizer, way.toString());
                if (Boolean.FALSE.equals(way.fused)) {
                    if (plain == null) {
                        plain = values;
                    }
                    for (int k = 0; k < p.size(); k++) {
                        assertArrayEquals(plain.get(k), values.get(k), way + ": not the same bits");
                    }
                }
            }
        }
    }

    private static List<Way> ways(JsonNode run) {
        OptimizerOptions<?> options =
                create(run, RecordedRuns.parameters(run), new Way(null, null)).defaults();
        List<Way> ways = new ArrayList<>();
        if (options.has("foreach")) {
            ways.add(new Way(false, false));
            ways.add(new Way(true, false));
            ways.add(new Way(null, false));
        } else {
            ways.add(new Way(null, false));
        }
        if (options.has("fused")) {
            ways.add(new Way(null, true));
            ways.add(new Way(null, null));
            ways.add(new Way(true, null));
        }
        return ways;
    }

    private static Optimizer<?> create(JsonNode run, List<Parameter> p, Way way) {
        Consumer<OptimizerOptions<?>> own = RecordedRuns.options(run.get("options"));
        return RecordedRuns.create(
                run.get("optimizer").asText(),
                options -> {
                    own.accept(options);
                    if (options.has("foreach")) {
                        options.set("foreach", way.foreach);
                    }
                    if (options.has("fused")) {
                        options.set("fused", way.fused);
                    }
                },
                List.of(
                        Params.of(List.of(p.get(0), p.get(2))),
                        Params.of(List.of(p.get(1), p.get(3)), RecordedRuns.options(run.get("second")))));
    }

    private static void assertState(JsonNode run, Optimizer<?> optimizer, String what) {
        Map<?, ?> state =
                (Map<?, ?>) Objects.requireNonNull(optimizer.stateDict().get("state"));
        Map<String, Object> byName = new LinkedHashMap<>();
        state.forEach((index, values) -> byName.put(String.valueOf(index), values));
        List<String> present = new ArrayList<>();
        run.get("state").fields().forEachRemaining(parameter -> {
            Map<?, ?> values = (Map<?, ?>) byName.getOrDefault(parameter.getKey(), Map.of());
            List<String> keys = new ArrayList<>();
            parameter.getValue().fields().forEachRemaining(entry -> {
                if (!entry.getValue().get("dtype").asText().equals("NoneType")) {
                    keys.add(entry.getKey());
                    assertEntry(
                            run,
                            entry.getValue(),
                            values.get(entry.getKey()),
                            what + ": " + entry.getKey() + " of " + parameter.getKey());
                }
            });
            assertEquals(keys, List.copyOf(values.keySet()), what + ": keys of " + parameter.getKey());
            if (!keys.isEmpty()) {
                present.add(parameter.getKey());
            }
        });
        // PyTorch's order is that of the first steps
        assertEquals(Set.copyOf(present), byName.keySet(), what);
    }

    private static void assertEntry(JsonNode run, JsonNode expected, @Nullable Object actual, String what) {
        if (expected.get("dtype").asText().equals("int")) {
            assertEquals(expected.get("values").get(0).longValue(), actual, what);
            return;
        }
        Tensor tensor = assertInstanceOf(Tensor.class, actual, what);
        assertEquals(expected.get("dtype").asText(), tensor.dtype().torchName(), what);
        assertArrayEquals(RecordedRuns.longs(expected.get("shape")), tensor.shape(), what);
        assertClose(run, expected.get("values"), RecordedRuns.elements(tensor), 0, what);
    }

    /**
     * The tolerance is relative to the greatest element, and for parameters at least to 1, near which they begin: small differences
     * of larger numbers remain in small ones.
     */
    private static void assertClose(JsonNode run, JsonNode expected, double[] actual, double least, String what) {
        double[] values = RecordedRuns.doubles(expected);
        double greatest = least;
        for (double value : values) {
            greatest = Math.max(greatest, Math.abs(value));
        }
        assertArrayEquals(values, actual, tolerance(run) * greatest, what);
    }

    private static double tolerance(JsonNode run) {
        return switch (run.get("dtype").asText()) {
            case "float64", "complex128" -> 1e-12;
            case "float32", "complex64" -> 2e-6;
            case "float16" -> 0x1p-10;
            default -> 0x1p-7;
        };
    }
}
