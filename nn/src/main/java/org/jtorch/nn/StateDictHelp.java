package org.jtorch.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.state.IncompatibleKeys;

/**
 * Explains why a state dict does not fit and what to do, as far as its keys and shapes show it: the lines after PyTorch's
 * message. For a state dict of a different model it says nothing.
 */
final class StateDictHelp {

    /** The largest number of keys that a message lists; for more, it gives only their number. */
    private static final int MOST = 8;

    private final Map<String, ? extends @Nullable Object> entries;
    private final List<StateDictLoader.SizeMismatch> mismatches;
    private final Map<String, Tensor> own = new LinkedHashMap<>();
    private final Map<String, Module<?, ?>> owners = new HashMap<>();

    private final Set<String> missing;
    private final Set<String> unexpected;
    private final List<String> lines = new ArrayList<>();

    StateDictHelp(
            Module<?, ?> root,
            Map<String, ? extends @Nullable Object> entries,
            IncompatibleKeys keys,
            List<StateDictLoader.SizeMismatch> mismatches) {
        this.entries = entries;
        this.mismatches = mismatches;
        collect("", root);
        missing = new LinkedHashSet<>(keys.missingKeys());
        missing.retainAll(own.keySet());
        unexpected = new LinkedHashSet<>(keys.unexpectedKeys());
    }

    private void collect(String prefix, Module<?, ?> module) {
        module.registry().forEachParameter((key, parameter) -> own(prefix + key, parameter, module));
        module.registry().forEachBuffer((key, buffer) -> own(prefix + key, buffer, module));
        module.visitChildren((key, child) -> collect(prefix + key + ".", child));
    }

    private void own(String key, Tensor tensor, Module<?, ?> module) {
        own.put(key, tensor);
        owners.put(key, module);
    }

    List<String> lines() {
        explainNesting();
        explainPrefix();
        explainRenaming();
        explainSizes();
        return lines;
    }

    // --- a whole run in place of its model ---------------------------------------------------------------------

    private void explainNesting() {
        for (String key : unexpected) {
            if (entries.get(key) instanceof Map<?, ?> inner && missing.stream().anyMatch(inner::containsKey)) {
                lines.add("\"" + key + "\" is a state dict itself: load that one, as by checkpoint.stateDict(\"" + key
                        + "\")");
            }
        }
    }

    // --- a prefix too many, or one too few ---------------------------------------------------------------------

    private void explainPrefix() {
        if (missing.isEmpty() || unexpected.isEmpty()) {
            return;
        }
        String surplus = commonest(unexpected, this::isSame);
        if (surplus != null) {
            Set<String> explained = new HashSet<>();
            unexpected.forEach(key -> {
                if (key.startsWith(surplus) && isSame(key, key.substring(surplus.length()))) {
                    explained.add(key);
                }
            });
            boolean all = entries.keySet().stream().allMatch(key -> key.startsWith(surplus));
            lines.add((all ? "every key begins with \"" : explained.size() + " of the keys begin with \"") + surplus
                    + "\": load stateDict.stripPrefix(\"" + surplus + "\")");
            unexpected.removeAll(explained);
            explained.forEach(key -> missing.remove(key.substring(surplus.length())));
            return;
        }
        String lacking = commonest(missing, (key, shorter) -> isSame(shorter, key));
        if (lacking != null) {
            Set<String> explained = new HashSet<>();
            missing.forEach(key -> {
                if (key.startsWith(lacking) && isSame(key.substring(lacking.length()), key)) {
                    explained.add(key);
                }
            });
            boolean all = own.keySet().stream().allMatch(key -> key.startsWith(lacking));
            lines.add((all ? "every key of the model begins" : explained.size() + " keys of the model begin")
                    + " with \"" + lacking + "\", which the file does not have: load "
                    + (explained.size() == unexpected.size() && unexpected.size() == entries.size()
                            ? "stateDict.addPrefix(\"" + lacking + "\")"
                            : "stateDict.filter(key -> …).addPrefix(\"" + lacking + "\") with strict false"));
            missing.removeAll(explained);
            explained.forEach(key -> unexpected.remove(key.substring(lacking.length())));
        }
    }

    /**
     * Returns the prefix after whose removal at least half of {@code keys} are keys of the other side with the same shapes, or
     * null.
     */
    private static @Nullable String commonest(Set<String> keys, BiPredicate<String, String> isOther) {
        Map<String, Integer> counts = new HashMap<>();
        for (String key : keys) {
            for (int dot = key.indexOf('.'); dot >= 0; dot = key.indexOf('.', dot + 1)) {
                if (isOther.test(key, key.substring(dot + 1))) {
                    counts.merge(key.substring(0, dot + 1), 1, Integer::sum);
                }
            }
        }
        return counts.entrySet().stream()
                .filter(entry -> 2 * entry.getValue() >= keys.size())
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(null);
    }

    /**
     * Returns whether the file's unexpected {@code key} can be the model's missing key {@code other}, because the shapes are
     * equal.
     */
    private boolean isSame(String key, String other) {
        return unexpected.contains(key)
                && missing.contains(other)
                && entries.get(key) instanceof Tensor tensor
                && shape(tensor).equals(shape(own.get(other)));
    }

    // --- another name ------------------------------------------------------------------------------------------

    /**
     * Reports a renaming if it explains every missing and every unexpected key. If some keys remain unexplained, it reports
     * only unambiguous ones, and only if the file has most of the model's keys unchanged; otherwise the file belongs to a
     * different model.
     */
    private void explainRenaming() {
        Map<String, List<String>> ofFile = byForm(unexpected, entries);
        Map<String, List<String>> ofModel = byForm(missing, own);
        boolean all = counts(ofFile).equals(counts(ofModel));
        boolean mostly = 2 * (own.size() - missing.size()) >= own.size();
        List<String[]> pairs = new ArrayList<>();
        for (String key : missing) {
            String form = form(key, own.get(key));
            List<String> candidates = ofFile.getOrDefault(form, List.of());
            List<String> rivals = ofModel.getOrDefault(form, List.of());
            if (all || (mostly && candidates.size() == 1 && rivals.size() == 1)) {
                pairs.add(new String[] {key, candidates.get(rivals.indexOf(key))}); // In the order of the keys.
            }
        }
        // The keys below one renamed module are reported in one line.
        Map<String, List<String[]>> moved = new LinkedHashMap<>();
        for (String[] pair : pairs) {
            moved.computeIfAbsent(path(pair[0]) + "\n" + path(pair[1]), p -> new ArrayList<>())
                    .add(pair);
        }
        int shown = 0;
        for (List<String[]> group : moved.values()) {
            if (++shown > MOST) {
                lines.add("and " + (moved.size() - MOST) + " more of this kind");
                break;
            }
            String[] first = group.get(0);
            boolean module = group.size() > 1
                    && !path(first[0]).isEmpty()
                    && !path(first[1]).isEmpty();
            String from = module ? path(first[1]) : first[1];
            String to = module ? path(first[0]) : first[0];
            lines.add("\"" + first[0] + "\" " + shape(own.get(first[0])) + " is missing and \"" + first[1] + "\" "
                    + shape(own.get(first[0])) + " is unexpected"
                    + (module ? ", and so are " + (group.size() - 1) + " more beside them" : "")
                    + ": renamed? Then load stateDict.rename(\"" + from + "\", \"" + to + "\")");
        }
    }

    private static Map<String, Integer> counts(Map<String, List<String>> byForm) {
        Map<String, Integer> counts = new HashMap<>();
        byForm.forEach((form, keys) -> counts.put(form, keys.size()));
        return counts;
    }

    private static Map<String, List<String>> byForm(Set<String> keys, Map<String, ? extends @Nullable Object> values) {
        Map<String, List<String>> byForm = new HashMap<>();
        for (String key : keys) {
            Tensor tensor = values.get(key) instanceof Tensor value ? value : null;
            byForm.computeIfAbsent(form(key, tensor), f -> new ArrayList<>()).add(key);
        }
        return byForm;
    }

    /** Returns the shape and the last part of the key: {@code weight} is never renamed to {@code bias}. */
    private static String form(String key, @Nullable Tensor tensor) {
        return key.substring(key.lastIndexOf('.') + 1) + shape(tensor);
    }

    private static String path(String key) {
        return key.substring(0, key.lastIndexOf('.') + 1);
    }

    private static String shape(@Nullable Tensor tensor) {
        return tensor == null || tensor.isUninitialized() ? "" : PythonText.tuple(tensor.shape());
    }

    // --- other sizes -------------------------------------------------------------------------------------------

    private void explainSizes() {
        Map<String, String> lines = new LinkedHashMap<>(); // Grouped by the module they concern.
        boolean all = true;
        for (StateDictLoader.SizeMismatch mismatch : mismatches) {
            String key = mismatch.key();
            long[] file = mismatch.file();
            long[] model = mismatch.model();
            if (file.length == 2 && differOnlyInTheFirst(file, model) && isLeaf(key)) {
                lines.put(
                        path(key),
                        "\"" + key + "\": the file has " + file[0] + " rows, the model " + model[0]
                                + ": build the model with " + file[0]);
            } else if (file.length == 2 && model.length == 2 && file[0] == model[1] && file[1] == model[0]) {
                lines.put(
                        key,
                        "\"" + key
                                + "\": the file's shape is that of the transpose. If it comes from a layer that keeps "
                                + "(in, out): stateDict.put(\"" + key + "\", stateDict.get(\"" + key + "\").t())");
            } else if (!(file.length == 1 && lines.containsKey(path(key)))) { // The bias that belongs to such a weight.
                all = false;
            }
        }
        boolean explained = all;
        int[] shown = {0};
        lines.forEach((what, line) -> {
            if (++shown[0] <= MOST) {
                boolean layer = what.endsWith(".");
                this.lines.add(
                        explained && layer
                                ? line
                                        + ", or leave the layer out: loadStateDict(stateDict.filter(key -> !key.startsWith(\""
                                        + what + "\")), false)"
                                : line);
            } else if (shown[0] == MOST + 1) {
                this.lines.add("and more of this kind");
            }
        });
    }

    /**
     * Returns whether the module that holds {@code key} has no children: a layer, whose weight has a row for each output or
     * entry.
     */
    private boolean isLeaf(String key) {
        Module<?, ?> owner = owners.get(key);
        return owner != null && owner.namedChildren().isEmpty() && key.equals(path(key) + "weight");
    }

    private static boolean differOnlyInTheFirst(long[] a, long[] b) {
        return a.length == b.length
                && a[0] != b[0]
                && Arrays.equals(Arrays.copyOfRange(a, 1, a.length), Arrays.copyOfRange(b, 1, b.length));
    }
}
