package org.jtorch.export.internal.passes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jtorch.Operator;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.NamedArgument;
import org.jtorch.export.graph.Node;

/** Which values of a graph may share memory, and where that memory is written. */
public final class Aliases {

    /** A node that writes the memory of a group of values. */
    private record Write(int index, String group) {}

    private final Map<String, String> parents = new HashMap<>();
    private final List<Write> writes = new ArrayList<>();

    /** Examines a graph. */
    public Aliases(List<Node> nodes) {
        for (Node node : nodes) {
            Call call = Call.of(node);
            for (NamedArgument input : node.inputs()) {
                if (call == null
                        ? mayShare(node)
                        : call.argumentOf(input.name())
                                .map(Operator.Argument::aliased)
                                .orElse(true)) {
                    for (String name : input.arg().names()) {
                        for (Argument output : node.outputs()) {
                            output.names().forEach(result -> join(name, result));
                        }
                    }
                }
            }
        }
        for (int i = 0; i < nodes.size(); i++) {
            Call call = Call.of(nodes.get(i));
            for (NamedArgument input : nodes.get(i).inputs()) {
                boolean written = call != null
                        && call.argumentOf(input.name())
                                .map(Operator.Argument::written)
                                .orElse(false);
                if (written) {
                    for (String name : input.arg().names()) {
                        writes.add(new Write(i, group(name)));
                    }
                }
            }
        }
    }

    /** Operators on graphs may return what they are given; those on sizes and of oneDNN do not. */
    private static boolean mayShare(Node node) {
        return node.target().startsWith("torch.ops.higher_order.");
    }

    private void join(String a, String b) {
        parents.put(group(a), group(b));
    }

    private String group(String name) {
        String current = name;
        String parent = parents.get(current);
        while (parent != null && !parent.equals(current)) {
            current = parent;
            parent = parents.get(current);
        }
        return current;
    }

    /** Returns whether any node writes the memory of a value. */
    public boolean isWritten(String name) {
        String group = group(name);
        return writes.stream().anyMatch(write -> write.group.equals(group));
    }

    /** Returns whether a node between two others, by their indices, writes the memory of a value. */
    boolean isWrittenBetween(String name, int first, int last) {
        String group = group(name);
        return writes.stream()
                .anyMatch(write -> write.group.equals(group) && write.index > first && write.index < last);
    }
}
