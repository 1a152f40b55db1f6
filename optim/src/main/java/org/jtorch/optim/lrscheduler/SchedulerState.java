package org.jtorch.optim.lrscheduler;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.serialize.python.Tuple;

/**
 * What a schedule saves and loads: values by the names that PyTorch gives them. A subclass of {@link LRScheduler} declares each
 * with a function that returns it and one that sets it. All values are read and checked before the first is set.
 */
public final class SchedulerState {

    /** Entries of files from older PyTorch that have no meaning here. */
    private static final Set<String> OBSOLETE = Set.of("verbose");

    private record Entry(
            Supplier<? extends @Nullable Object> get, Function<@Nullable Object, Runnable> read, boolean required) {}

    private final String scheduler;
    private final int groups;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private Runnable last = () -> {};
    private final Set<String> accepted = new HashSet<>(OBSOLETE);

    SchedulerState(String scheduler, int groups) {
        this.scheduler = scheduler;
        this.groups = groups;
    }

    // --- declaring ---------------------------------------------------------------------------------------------

    /** Declares a number. */
    public SchedulerState number(String key, DoubleSupplier get, DoubleConsumer set) {
        return add(key, get::getAsDouble, value -> {
            double number = readNumber(key, value);
            return () -> set.accept(number);
        });
    }

    /** Declares a whole number. */
    public SchedulerState integer(String key, LongSupplier get, LongConsumer set) {
        return add(key, get::getAsLong, value -> {
            long number = readInteger(key, value);
            return () -> set.accept(number);
        });
    }

    /** Declares a whole number that is at least 1. */
    SchedulerState positive(String key, LongSupplier get, LongConsumer set) {
        return add(key, get::getAsLong, value -> {
            long number = readInteger(key, value);
            if (number < 1) {
                throw wrong(key, "at least 1", value);
            }
            return () -> set.accept(number);
        });
    }

    /** Declares a value that is true or false. */
    public SchedulerState flag(String key, Supplier<Boolean> get, Consumer<Boolean> set) {
        return add(key, get, value -> {
            if (value instanceof Boolean flag) {
                return () -> set.accept(flag);
            }
            throw wrong(key, "true or false", value);
        });
    }

    /** Declares a text. */
    public SchedulerState text(String key, Supplier<String> get, Consumer<String> set) {
        return add(key, get, value -> {
            if (value instanceof String text) {
                return () -> set.accept(text);
            }
            throw wrong(key, "a text", value);
        });
    }

    /** Declares numbers of the groups, one for each. */
    public SchedulerState numbers(String key, Supplier<double[]> get, Consumer<double[]> set) {
        return add(key, () -> GroupValues.boxed(get.get()), value -> {
            double[] numbers = readNumbers(key, value);
            return () -> set.accept(numbers);
        });
    }

    /** Declares one of a few texts, which are the names of the constants of an enum in lower case. */
    <E extends Enum<E>> SchedulerState choice(
            String key, String title, Class<E> type, Supplier<E> get, Consumer<E> set) {
        return add(key, () -> lower(get.get()), value -> {
            for (E constant : type.getEnumConstants()) {
                if (lower(constant).equals(value)) {
                    return () -> set.accept(constant);
                }
            }
            throw new IllegalArgumentException(of(key) + title + " " + value + " is unknown!");
        });
    }

    /** Declares whether the momentum is changed. A state must agree, since the groups were prepared for it. */
    void cycleMomentum(boolean here) {
        mustBe("cycle_momentum", here);
    }

    /** Declares whether the momentum is the first of betas. A state must agree, since the optimizer has one or the other. */
    void useBeta1(boolean here) {
        mustBe("use_beta1", here);
    }

    private void mustBe(String key, boolean here) {
        add(key, () -> here, value -> {
            if (!Boolean.valueOf(here).equals(value)) {
                throw wrong(key, here + " as here", value);
            }
            return () -> {};
        });
    }

    /** Declares an entry that is always the same between steps. It may be absent, and is not read. */
    SchedulerState passing(String key, @Nullable Object value) {
        entries.put(key, new Entry(() -> value, ignored -> () -> {}, false));
        return this;
    }

    /** Declares entries that a state may have and that are not read. */
    SchedulerState accept(String... keys) {
        accepted.addAll(List.of(keys));
        return this;
    }

    /** Declares the states of other schedules. */
    SchedulerState nested(String key, List<LRScheduler> schedulers) {
        return add(key, () -> schedulers.stream().map(LRScheduler::stateDict).toList(), value -> {
            List<?> states = readList(key, value);
            if (states.size() != schedulers.size()) {
                throw new IllegalArgumentException(of(key) + "it has the states of " + states.size()
                        + " schedules, but there are " + schedulers.size());
            }
            List<Runnable> changes = new ArrayList<>();
            for (int i = 0; i < schedulers.size(); i++) {
                if (!(states.get(i) instanceof Map<?, ?> state)) {
                    throw wrong(key, "a list of dicts", value);
                }
                changes.add(schedulers.get(i).state().load(state));
            }
            return () -> changes.forEach(Runnable::run);
        });
    }

    /**
     * Declares any value.
     *
     * @param read checks a value from a file, and returns what sets it
     */
    SchedulerState add(
            String key, Supplier<? extends @Nullable Object> get, Function<@Nullable Object, Runnable> read) {
        if (entries.put(key, new Entry(get, read, true)) != null) {
            throw new IllegalArgumentException(scheduler + " declares '" + key + "' of its state twice");
        }
        return this;
    }

    /** Declares any value that files of older versions of PyTorch lack. It then keeps its value. */
    SchedulerState addOptional(
            String key, Supplier<? extends @Nullable Object> get, Function<@Nullable Object, Runnable> read) {
        entries.put(key, new Entry(get, read, false));
        return this;
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Runs something after all values were set. */
    void afterLoading(Runnable action) {
        last = action;
    }

    /** Returns a dict of names and values. */
    static Map<String, Object> dict(Object... namesAndValues) {
        Map<String, Object> dict = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            dict.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return dict;
    }

    // --- saving and loading ------------------------------------------------------------------------------------

    Map<String, @Nullable Object> save() {
        Map<String, @Nullable Object> saved = new LinkedHashMap<>();
        entries.forEach((key, entry) -> saved.put(key, entry.get().get()));
        return saved;
    }

    /** Reads a state, and returns what sets it. */
    Runnable load(Map<?, ?> saved) {
        List<Runnable> changes = new ArrayList<>();
        for (Map.Entry<?, ?> entry : saved.entrySet()) {
            String key = String.valueOf(entry.getKey());
            if (!entries.containsKey(key) && !accepted.contains(key)) {
                throw new IllegalArgumentException("the loaded state has '" + key + "', which the state of " + scheduler
                        + " does not have; it has " + entries.keySet()
                        + ": load the state of a schedule of the same class");
            }
        }
        entries.forEach((key, entry) -> {
            if (saved.containsKey(key)) {
                changes.add(entry.read().apply(saved.get(key)));
            } else if (entry.required()) {
                throw new IllegalArgumentException(of(key) + "it is missing; there is "
                        + new TreeSet<>(
                                saved.keySet().stream().map(String::valueOf).toList())
                        + ": load the state of a schedule of the same class");
            }
        });
        changes.add(last);
        return () -> changes.forEach(Runnable::run);
    }

    // --- reading values ----------------------------------------------------------------------------------------

    double readNumber(String key, @Nullable Object value) {
        Double number = asNumber(value);
        if (number == null) {
            throw wrong(key, "a number", value);
        }
        return number;
    }

    long readInteger(String key, @Nullable Object value) {
        double number = readNumber(key, value);
        if (number != Math.rint(number) || Math.abs(number) > 1L << 53) {
            throw wrong(key, "a whole number", value);
        }
        return (long) number;
    }

    /** Reads the numbers of the groups. There may be fewer than groups: a group that was added later has none. */
    double[] readNumbers(String key, @Nullable Object value) {
        List<?> list = readList(key, value);
        if (list.isEmpty() || list.size() > groups) {
            throw new IllegalArgumentException(
                    of(key) + "it has the values of " + list.size() + " groups, but the optimizer has " + groups);
        }
        return list.stream().mapToDouble(element -> readNumber(key, element)).toArray();
    }

    List<? extends @Nullable Object> readList(String key, @Nullable Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        if (value instanceof Tuple tuple) {
            return tuple.values();
        }
        throw wrong(key, "a list", value);
    }

    /** Returns a number, also if it is in a tensor of one element; null if the value is not a number. */
    static @Nullable Double asNumber(@Nullable Object value) {
        if (value instanceof Tensor tensor && tensor.numel() == 1 && !tensor.isComplex()) {
            return tensor.item();
        }
        return value instanceof Number number ? Double.valueOf(number.doubleValue()) : null;
    }

    IllegalArgumentException wrong(String key, String expected, @Nullable Object value) {
        return new IllegalArgumentException(of(key) + "it must be " + expected + ", not "
                + (value == null ? "null" : value + " (" + value.getClass().getSimpleName() + ")"));
    }

    private String of(String key) {
        return "'" + key + "' in the state of " + scheduler + ": ";
    }
}
