package org.jtorch.tools;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jtorch.Tensor;

/**
 * Counts the multiply-adds of an einsum. Operands are contracted in pairs from the left, and each pair is summed over the
 * labels that no other operand needs.
 */
final class EinsumCost {

    private final Map<String, Long> sizes = new HashMap<>();
    private final List<Set<String>> operands = new ArrayList<>();
    private final Set<String> output = new LinkedHashSet<>();

    private EinsumCost(String equation, List<Tensor> tensors) {
        String text = equation.replace(" ", "");
        int arrow = text.indexOf("->");
        String[] inputs = (arrow < 0 ? text : text.substring(0, arrow)).split(",", -1);
        Map<String, Integer> occurrences = new HashMap<>();
        for (int i = 0; i < tensors.size(); i++) {
            Tensor tensor = tensors.get(i);
            List<String> labels = labels(inputs[i], tensor.dim());
            for (int d = 0; d < labels.size(); d++) {
                sizes.merge(labels.get(d), tensor.size(d), Math::max); // A dimension of size 1 is broadcast.
                occurrences.merge(labels.get(d), 1, Integer::sum);
            }
            operands.add(new LinkedHashSet<>(labels));
        }
        if (arrow < 0) {
            occurrences.forEach((label, count) -> {
                if (count == 1 || isEllipsis(label)) {
                    output.add(label);
                }
            });
        } else {
            String outputText = text.substring(arrow + 2);
            sizes.keySet().stream()
                    .filter(label ->
                            isEllipsis(label) ? outputText.contains("...") : outputText.indexOf(label.charAt(0)) >= 0)
                    .forEach(output::add);
        }
    }

    static long of(String equation, List<Tensor> tensors) {
        return new EinsumCost(equation, tensors).count();
    }

    private long count() {
        long total = 0;
        Set<String> current = operands.get(0);
        for (int i = 1; i < operands.size(); i++) {
            Set<String> both = new LinkedHashSet<>(current);
            both.addAll(operands.get(i));
            total += both.stream().mapToLong(sizes::get).reduce(1, (a, b) -> a * b);
            Set<String> needed = new LinkedHashSet<>(output);
            operands.subList(i + 1, operands.size()).forEach(needed::addAll);
            both.retainAll(needed);
            current = both;
        }
        return total;
    }

    /** Returns one label for each dimension. Those of an ellipsis are numbered from the last. */
    private static List<String> labels(String subscripts, int dims) {
        List<String> labels = new ArrayList<>();
        int ellipsis = subscripts.indexOf("...");
        int named = subscripts.length() - (ellipsis < 0 ? 0 : 3);
        for (int i = 0; i < subscripts.length(); i++) {
            if (i == ellipsis) {
                for (int d = dims - named; d > 0; d--) {
                    labels.add("..." + d);
                }
                i += 2;
            } else {
                labels.add(String.valueOf(subscripts.charAt(i)));
            }
        }
        return labels;
    }

    private static boolean isEllipsis(String label) {
        return label.startsWith("...");
    }
}
