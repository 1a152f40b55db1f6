package org.jtorch.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.state.StateDict;
import org.jtorch.nn.state.StateDictDiff;

/** Which keys of one checkpoint are likely others of another: same last part, shape and dtype, and best the same values. */
final class RenameGuesses {

    /** Lines that are shown at most. */
    private static final int MOST = 12;

    /** Candidates whose values are compared for one key. */
    private static final int COMPARED = 64;

    /** How many keys a renaming explains, and how many of them hold the same values. */
    private static final class Count {
        int keys;
        int equal;
    }

    private RenameGuesses() {}

    static List<String> of(StateDictDiff diff, StateDict left, StateDict right) {
        Map<String, List<String>> candidates = new HashMap<>();
        for (StateDictDiff.Row row : diff.rows(StateDictDiff.Kind.ONLY_RIGHT)) {
            Tensor tensor = right.get(row.key());
            if (tensor != null) {
                candidates
                        .computeIfAbsent(form(row.key(), tensor), f -> new ArrayList<>())
                        .add(row.key());
            }
        }
        Map<String, Count> renamings = new LinkedHashMap<>();
        for (StateDictDiff.Row row : diff.rows(StateDictDiff.Kind.ONLY_LEFT)) {
            Tensor tensor = left.get(row.key());
            List<String> fitting = tensor == null ? null : candidates.get(form(row.key(), tensor));
            if (tensor != null && fitting != null && !fitting.isEmpty()) {
                String best = best(row.key(), tensor, fitting, right);
                fitting.remove(best);
                Count count = renamings.computeIfAbsent(difference(row.key(), best), d -> new Count());
                count.keys++;
                count.equal += same(tensor, right.get(best)) ? 1 : 0;
            }
        }
        List<String> lines = new ArrayList<>();
        renamings.forEach((renaming, count) -> lines.add(renaming + "  (" + count.keys
                + (count.keys == 1 ? " key, " : " keys, ")
                + (count.equal == count.keys ? "values the same" : count.equal + " with the same values") + ")"));
        return lines.size() <= MOST ? lines : concat(lines.subList(0, MOST), "and " + (lines.size() - MOST) + " more");
    }

    private static List<String> concat(List<String> lines, String last) {
        List<String> all = new ArrayList<>(lines);
        all.add(last);
        return all;
    }

    private static String form(String key, Tensor tensor) {
        return key.substring(key.lastIndexOf('.') + 1)
                + (tensor.isUninitialized() ? "?" : Arrays.toString(tensor.shape()))
                + tensor.dtype();
    }

    private static String best(String key, Tensor tensor, List<String> fitting, StateDict right) {
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

    private static boolean same(Tensor a, @Nullable Tensor b) {
        if (b == null
                || a.isUninitialized()
                || b.isUninitialized()
                || a.isMeta()
                || b.isMeta()
                || a.layout() != b.layout()) {
            return false;
        }
        try {
            return ValueComparison.same(a, b);
        } catch (RuntimeException e) { // they cannot be compared, and so it is not known
            return false;
        }
    }

    /** Parts that two keys have in common at their ends. */
    private static int commonEnd(String a, String b) {
        String[] x = a.split("\\.");
        String[] y = b.split("\\.");
        int common = 0;
        while (common < Math.min(x.length, y.length) && x[x.length - 1 - common].equals(y[y.length - 1 - common])) {
            common++;
        }
        return common;
    }

    /** What differs, without the end that both have. */
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
