package org.jtorch.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.text.TextTable;
import org.jtorch.nn.state.StateDictDiff;
import org.jtorch.serialize.format.TensorInfo;

/**
 * Guesses which keys of one checkpoint correspond to other keys of another: they have the same last part, shape and dtype, and
 * preferably the same values. The values of tensors that are only described are not known.
 */
final class RenameGuesses {

    /** The greatest number of lines that are shown. */
    private static final int MOST = 12;

    /** The number of candidates whose values are compared for one key. */
    private static final int COMPARED = 64;

    /** The number of keys that a renaming explains, and how many of them have the same values. */
    private static final class Count {
        int keys;
        int equal;
    }

    private RenameGuesses() {}

    /** Returns the guesses, one on each line, for entries that are a {@link Tensor} or a {@link TensorInfo}. */
    static List<String> of(StateDictDiff diff, Map<String, ?> left, Map<String, ?> right) {
        Map<String, List<String>> candidates = new HashMap<>();
        for (StateDictDiff.Row row : diff.rows(StateDictDiff.Kind.ONLY_RIGHT)) {
            String form = form(row.key(), right.get(row.key()));
            if (form != null) {
                candidates.computeIfAbsent(form, f -> new ArrayList<>()).add(row.key());
            }
        }
        Map<String, Count> renamings = new LinkedHashMap<>();
        boolean known = false;
        for (StateDictDiff.Row row : diff.rows(StateDictDiff.Kind.ONLY_LEFT)) {
            Object tensor = left.get(row.key());
            String form = form(row.key(), tensor);
            List<String> fitting = form == null ? null : candidates.get(form);
            if (tensor != null && fitting != null && !fitting.isEmpty()) {
                known |= tensor instanceof Tensor;
                String best = best(row.key(), tensor, fitting, right);
                fitting.remove(best);
                Count count = renamings.computeIfAbsent(difference(row.key(), best), d -> new Count());
                count.keys++;
                count.equal += same(tensor, right.get(best)) ? 1 : 0;
            }
        }
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, Count> renaming : renamings.entrySet()) {
            Count count = renaming.getValue();
            String values =
                    count.equal == count.keys ? ", values the same" : ", " + count.equal + " with the same values";
            lines.add(renaming.getKey() + "  (" + TextTable.count(count.keys, "key") + (known ? values : "") + ")");
        }
        return lines.size() <= MOST ? lines : concat(lines.subList(0, MOST), "and " + (lines.size() - MOST) + " more");
    }

    private static List<String> concat(List<String> lines, String last) {
        List<String> all = new ArrayList<>(lines);
        all.add(last);
        return all;
    }

    /** Returns what two keys must have in common; null if the value is not a tensor. */
    private static @Nullable String form(String key, @Nullable Object value) {
        String name = key.substring(key.lastIndexOf('.') + 1);
        if (value instanceof Tensor tensor) {
            return name + (tensor.isUninitialized() ? "?" : Arrays.toString(tensor.shape())) + tensor.dtype();
        }
        return value instanceof TensorInfo tensor ? name + tensor : null;
    }

    private static String best(String key, Object tensor, List<String> fitting, Map<String, ?> right) {
        for (String candidate : fitting.subList(0, Math.min(COMPARED, fitting.size()))) {
            if (same(tensor, right.get(candidate))) {
                return candidate;
            }
        }
        String best = fitting.get(0);
        for (String candidate : fitting) {
            if (commonEnd(key, candidate) > commonEnd(key, best)) {
                best = candidate;
            }
        }
        return best;
    }

    private static boolean same(Object left, @Nullable Object right) {
        if (!(left instanceof Tensor a)
                || !(right instanceof Tensor b)
                || a.isUninitialized()
                || b.isUninitialized()
                || a.isMeta()
                || b.isMeta()
                || a.layout() != b.layout()) {
            return false;
        }
        try {
            return ValueComparison.same(a, b);
        } catch (RuntimeException e) { // They cannot be compared, so it is not known.
            return false;
        }
    }

    /** Returns the number of parts that two keys have in common at their ends. */
    private static int commonEnd(String a, String b) {
        String[] x = a.split("\\.");
        String[] y = b.split("\\.");
        int common = 0;
        while (common < Math.min(x.length, y.length) && x[x.length - 1 - common].equals(y[y.length - 1 - common])) {
            common++;
        }
        return common;
    }

    /** Returns the difference without the end that both have in common. */
    private static String difference(String from, String to) {
        int common = commonEnd(from, to);
        return start(from, common) + " → " + start(to, common);
    }

    private static String start(String key, int dropped) {
        String[] parts = key.split("\\.");
        String start = String.join(".", Arrays.copyOf(parts, parts.length - dropped));
        return start.isEmpty() ? "(no prefix)" : start;
    }
}
