package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.nn.linear.Linear;
import org.junit.jupiter.api.DynamicTest;

/** Plays the scenarios of parity/record/modules_system.py, and compares their texts with PyTorch's. */
final class Scenarios {

    private final Map<String, String> actual = new LinkedHashMap<>();

    /** Plays a scenario. Each part returns a value, or throws an exception whose message is its text. */
    @SafeVarargs
    @SuppressWarnings("varargs") // read only
    final void play(String name, Callable<? extends @Nullable Object>... parts) {
        StringJoiner lines = new StringJoiner("\n");
        for (Callable<?> part : parts) {
            lines.add(text(part));
        }
        actual.put(name, lines.toString());
    }

    /** Plays a change of a module: its result if that is another module, and the module after the change. */
    <M extends Module<?, ?>> void after(String name, Callable<M> made, Function<M, @Nullable Object> change) {
        play(name, () -> {
            M m = made.call();
            Object result = change.apply(m);
            return result instanceof Module && result != m ? result + "\n" + m : m.toString();
        });
    }

    private static String text(Callable<?> part) {
        try {
            return text(part.call());
        } catch (ModuleCallException e) {
            return "error: " + (e.getCause() instanceof TorchException cause ? cause.getMessage() : e.getMessage());
        } catch (RuntimeException e) {
            return "error: " + e.getMessage();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String text(@Nullable Object value) {
        if (value instanceof Boolean b) {
            return b ? "True" : "False";
        }
        if (value instanceof List<?> list && !(value instanceof Module)) {
            return list.stream().map(Scenarios::text).collect(Collectors.joining(" "));
        }
        if (value instanceof long[] numbers) {
            return java.util.Arrays.stream(numbers).mapToObj(String::valueOf).collect(Collectors.joining(" "));
        }
        return value == null ? "None" : value.toString();
    }

    /** Returns a test for each recorded scenario, and one that checks that none is missing. */
    Stream<DynamicTest> compare(String file) {
        Map<String, String> recorded = Recording.read(file);
        Stream<DynamicTest> names = Stream.of(
                DynamicTest.dynamicTest("all are played", () -> assertEquals(recorded.keySet(), actual.keySet())));
        return Stream.concat(
                names,
                recorded.entrySet().stream()
                        .map(e -> DynamicTest.dynamicTest(
                                e.getKey(), () -> assertEquals(e.getValue(), actual.get(e.getKey())))));
    }

    static List<String> names(List<? extends Named<?>> named) {
        return named.stream().map(Named::name).toList();
    }

    static List<String> keys(Module<?, ?> m) {
        return List.copyOf(m.stateDict().keySet());
    }

    /** Returns a list of ints as Python prints it: {@code [2, 3]}. */
    static String shape(Tensor t) {
        return java.util.Arrays.toString(t.shape());
    }

    /** Returns a square linear map without bias. */
    static Linear linear(long size) {
        return new Linear(size, size, o -> o.bias(false));
    }
}
