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
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.internal.PythonText;
import org.jtorch.nn.sparse.Embedding;

/** Why a state dict does not fit, as far as its keys and shapes tell, and what to do: the lines below PyTorch's message. */
final class StateDictHelp {

    /** A message is to be read: of more keys than these only the number is told. */
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
        explainPrefix();
        explainRenaming();
        explainSizes();
        return lines;
    }

    // --- a prefix too many, or one too few ---------------------------------------------------------------------

    private void explainPrefix() {
        if (missing.isEmpty() || unexpected.isEmpty()) {
            return;
        }
        String surplus = commonest(unexpected, missing);
        if (surplus != null) {
            Set<String> explained = new HashSet<>();
            unexpected.forEach(key -> {
                if (key.startsWith(surplus) && missing.contains(key.substring(surplus.length()))) {
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
        String lacking = commonest(missing, unexpected);
        if (lacking != null) {
            Set<String> explained = new HashSet<>();
            missing.forEach(key -> {
                if (key.startsWith(lacking) && unexpected.contains(key.substring(lacking.length()))) {
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

    /** The beginning without which at least half of {@code longer}, and more than one, are in {@code shorter}; or null. */
    private static @Nullable String commonest(Set<String> longer, Set<String> shorter) {
        Map<String, Integer> counts = new HashMap<>();
        for (String key : longer) {
            for (int dot = key.indexOf('.'); dot >= 0; dot = key.indexOf('.', dot + 1)) {
                if (shorter.contains(key.substring(dot + 1))) {
                    counts.merge(key.substring(0, dot + 1), 1, Integer::sum);
                }
            }
        }
        return counts.entrySet().stream()
                .filter(entry -> 2 * entry.getValue() >= longer.size())
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(null);
    }

    // --- another name ------------------------------------------------------------------------------------------

    private void explainRenaming() {
        Map<String, Set<String>> byForm = new HashMap<>();
        for (String key : unexpected) {
            if (entries.get(key) instanceof Tensor tensor) {
                byForm.computeIfAbsent(form(key, tensor), f -> new LinkedHashSet<>())
                        .add(key);
            }
        }
        List<String[]> pairs = new ArrayList<>();
        for (String key : missing) {
            Set<String> candidates = byForm.get(form(key, own.get(key)));
            if (candidates != null && !candidates.isEmpty()) {
                String best = pairs.size() > 64 ? candidates.iterator().next() : closest(key, candidates);
                candidates.remove(best);
                pairs.add(new String[] {key, best});
            }
        }
        // keys below one module that was renamed are one line
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

    /** Shape and last part of the key: {@code weight} is renamed to no {@code bias}. */
    private static String form(String key, @Nullable Tensor tensor) {
        return key.substring(key.lastIndexOf('.') + 1) + shape(tensor);
    }

    private static String path(String key) {
        return key.substring(0, key.lastIndexOf('.') + 1);
    }

    private static String shape(@Nullable Tensor tensor) {
        return tensor == null || tensor.isUninitialized() ? "" : PythonText.tuple(tensor.shape());
    }

    /** The candidate with the most characters in common with {@code key} at both ends; the first of several. */
    private static String closest(String key, Set<String> candidates) {
        String best = candidates.iterator().next();
        int most = -1;
        for (String candidate : candidates) {
            int end = Math.min(key.length(), candidate.length());
            int front = 0;
            while (front < end && key.charAt(front) == candidate.charAt(front)) {
                front++;
            }
            int back = 0;
            while (back < end - front
                    && key.charAt(key.length() - 1 - back) == candidate.charAt(candidate.length() - 1 - back)) {
                back++;
            }
            if (front + back > most) {
                most = front + back;
                best = candidate;
            }
        }
        return best;
    }

    // --- other sizes -------------------------------------------------------------------------------------------

    private void explainSizes() {
        String last = lastMatrix();
        Set<String> told = new HashSet<>();
        int shown = 0;
        for (StateDictLoader.SizeMismatch mismatch : mismatches) {
            String key = mismatch.key();
            long[] file = mismatch.file();
            long[] model = mismatch.model();
            if (told.contains(path(key))) {
                continue;
            }
            String line = null;
            if (file.length > 0 && differOnlyInTheFirst(file, model)) {
                String what = owners.get(key) instanceof Embedding
                        ? "rows"
                        : last != null && path(last).equals(path(key)) ? "classes" : null;
                if (what != null) {
                    line = "\"" + key + "\": the file has " + file[0] + " " + what + ", the model " + model[0]
                            + ": build the model with " + file[0]
                            + ", or leave the layer out: loadStateDict(stateDict.filter(key -> !key.startsWith(\""
                            + path(key) + "\")), false)";
                    told.add(path(key));
                }
            } else if (file.length == 2 && model.length == 2 && file[0] == model[1] && file[1] == model[0]) {
                line = "\"" + key
                        + "\": the file's is the transpose of the model's, as of a layer that keeps (in, out): "
                        + "stateDict.put(\"" + key + "\", stateDict.get(\"" + key + "\").t())";
            }
            if (line != null) {
                if (++shown > MOST) {
                    lines.add("and more of this kind");
                    return;
                }
                lines.add(line);
            }
        }
    }

    private static boolean differOnlyInTheFirst(long[] a, long[] b) {
        return a.length == b.length
                && a[0] != b[0]
                && Arrays.equals(Arrays.copyOfRange(a, 1, a.length), Arrays.copyOfRange(b, 1, b.length));
    }

    /** The model's last weight of two or more dimensions: a classifier's. */
    private @Nullable String lastMatrix() {
        String last = null;
        for (Map.Entry<String, Tensor> entry : own.entrySet()) {
            if (entry.getValue() instanceof Parameter parameter
                    && !parameter.isUninitialized()
                    && parameter.dim() >= 2) {
                last = entry.getKey();
            }
        }
        return last;
    }
}
