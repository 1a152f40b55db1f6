package org.jtorch.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.state.StateDict;
import org.jtorch.serialize.python.Complex;
import org.jtorch.serialize.python.NumpyArray;
import org.jtorch.serialize.python.NumpyScalar;
import org.jtorch.serialize.python.PythonObject;
import org.jtorch.serialize.python.Tuple;

/**
 * Compares two values of checkpoints: containers and records by their contents, tensors and numbers by their values. NaN is
 * equal to NaN, and 0.0 to -0.0. It ends for values that contain themselves.
 */
final class ValueComparison {

    /** Two containers, identified by object. */
    private record Pair(Object left, Object right) {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Pair pair && pair.left == left && pair.right == right;
        }

        @Override
        public int hashCode() {
            return 31 * System.identityHashCode(left) + System.identityHashCode(right);
        }
    }

    /** The length of the text of a value by which its counterpart is searched. */
    private static final int TEXT = 200;

    /** Pairs that are equal or are being compared. */
    private final Set<Pair> same = new HashSet<>();

    /** The same pairs in the order in which they were met. */
    private final List<Pair> met = new ArrayList<>();

    private ValueComparison() {}

    static boolean same(@Nullable Object left, @Nullable Object right) {
        return new ValueComparison().compare(left, right);
    }

    private boolean compare(@Nullable Object left, @Nullable Object right) {
        if (left == right) {
            return true;
        }
        if (left == null || right == null) {
            return false;
        }
        if (!isContainer(left) || !isContainer(right)) {
            return leaves(left, right);
        }
        Pair pair = new Pair(left, right);
        if (!same.add(pair)) {
            return true; // If it is not, that is found at the place where it was first met.
        }
        int mark = met.size();
        met.add(pair);
        boolean result = containers(left, right);
        if (!result) {
            // Pairs that were found equal in the meantime may depend on this pair.
            List<Pair> doubtful = met.subList(mark, met.size());
            doubtful.forEach(same::remove);
            doubtful.clear();
        }
        return result;
    }

    private static boolean isContainer(Object value) {
        return value instanceof Map
                || value instanceof Collection
                || value instanceof Tuple
                || value instanceof PythonObject;
    }

    private boolean containers(Object left, Object right) {
        if (left instanceof PythonObject a && right instanceof PythonObject b) {
            return a.name().equals(b.name())
                    && compare(a.arguments(), b.arguments())
                    && compare(a.namedArguments(), b.namedArguments())
                    && compare(a.items(), b.items())
                    && compare(a.entries(), b.entries())
                    && compare(a.state(), b.state());
        }
        if (left instanceof Map<?, ?> a && right instanceof Map<?, ?> b) {
            return maps(a, b);
        }
        if (left instanceof Set<?> a && right instanceof Set<?> b) {
            return sets(a, b);
        }
        List<?> a = sequence(left);
        List<?> b = sequence(right);
        return a != null && b != null && sequences(a, b);
    }

    private static @Nullable List<?> sequence(Object value) {
        return value instanceof Tuple tuple ? tuple.values() : value instanceof List<?> list ? list : null;
    }

    private boolean sequences(List<?> left, List<?> right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            if (!compare(left.get(i), right.get(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean maps(Map<?, ?> left, Map<?, ?> right) {
        if (left.size() != right.size()) {
            return false;
        }
        List<Tuple> others = new ArrayList<>();
        Set<Object> taken = new HashSet<>();
        for (Map.Entry<?, ?> entry : left.entrySet()) {
            Object key = entry.getKey();
            if (!right.containsKey(key)) {
                others.add(Tuple.of(key, entry.getValue()));
            } else if (compare(entry.getValue(), right.get(key))) {
                taken.add(key);
            } else {
                return false;
            }
        }
        List<Tuple> candidates = new ArrayList<>();
        right.forEach((key, value) -> {
            if (!taken.contains(key)) {
                candidates.add(Tuple.of(key, value));
            }
        });
        return paired(others, candidates);
    }

    private boolean sets(Set<?> left, Set<?> right) {
        return left.size() == right.size()
                && paired(
                        left.stream().filter(value -> !right.contains(value)).toList(),
                        right.stream().filter(value -> !left.contains(value)).toList());
    }

    /** Finds a counterpart for each value. Records are equal by content, so their hash cannot be used. */
    private boolean paired(Collection<?> left, Collection<?> right) {
        Map<String, List<Object>> candidates = new HashMap<>();
        for (Object value : right) {
            candidates
                    .computeIfAbsent(ValueText.of(value, TEXT), text -> new ArrayList<>())
                    .add(value);
        }
        for (Object value : left) {
            List<Object> alike = candidates.getOrDefault(ValueText.of(value, TEXT), new ArrayList<>());
            int found = 0;
            while (found < alike.size() && !compare(value, alike.get(found))) {
                found++;
            }
            if (found == alike.size()) {
                return false;
            }
            alike.remove(found);
        }
        return true;
    }

    private static boolean leaves(Object left, Object right) {
        if (left instanceof Tensor a && right instanceof Tensor b) {
            return one(a).diff(one(b)).isEmpty();
        } else if (left instanceof Double a && right instanceof Double b) {
            return numbers(a, b);
        } else if (left instanceof byte[] a && right instanceof byte[] b) {
            return Arrays.equals(a, b);
        } else if (left instanceof Complex a && right instanceof Complex b) {
            return numbers(a.real(), b.real()) && numbers(a.imag(), b.imag());
        } else if (left instanceof NumpyScalar a && right instanceof NumpyScalar b) {
            return a.dtype().equals(b.dtype()) && leaves(a.value(), b.value());
        } else if (left instanceof NumpyArray a && right instanceof NumpyArray b) {
            return a.equals(b);
        }
        return Objects.equals(left, right);
    }

    private static boolean numbers(double a, double b) {
        return a == b || (Double.isNaN(a) && Double.isNaN(b));
    }

    private static StateDict one(Tensor tensor) {
        StateDict state = new StateDict();
        state.put("", tensor);
        return state;
    }
}
