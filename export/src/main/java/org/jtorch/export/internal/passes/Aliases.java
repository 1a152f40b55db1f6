package org.jtorch.export.internal.passes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jtorch.Operator;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.NamedArgument;
import org.jtorch.export.graph.Node;

/** Which values of a graph may share memory, and where that memory is written. */
public final class Aliases {

    /** A node that writes the memory of a group of values. */
    private record Write(int index, String group) {}

    /** Operators that may return what they are given, or a view of it, although their schemas do not say so. */
    private static final Set<String> SHARING = Set.of(
            "_cast_Double",
            "_cast_Float",
            "_cast_Half",
            "_cast_Int",
            "_cast_Long",
            "_unsafe_view",
            "alpha_dropout",
            "atleast_1d",
            "atleast_2d",
            "atleast_3d",
            "broadcast_tensors",
            "conj_physical",
            "data",
            "dropout",
            "feature_alpha_dropout",
            "feature_dropout",
            "lift",
            "meshgrid",
            "sum_to_size",
            "to_dense",
            "type_as",
            "unsafe_chunk",
            "unsafe_split",
            "unsafe_split_with_sizes");

    /** Operators that may do so if they are given one tensor. */
    private static final Set<String> SHARING_ONE = Set.of("cartesian_prod", "chain_matmul", "einsum");

    /** Operators that change what a tensor is for gradients, but not its values. */
    private static final Set<String> NOT_WRITING = Set.of("detach_", "requires_grad_");

    private final Map<String, String> parents = new HashMap<>();
    private final List<Write> writes = new ArrayList<>();

    /** Examines a graph. */
    public Aliases(List<Node> nodes) {
        for (Node node : nodes) {
            Call call = Call.of(node);
            for (NamedArgument input : node.inputs()) {
                if (mayShare(node, input)
                        || call != null
                                && call.argumentOf(input.name())
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
                        && !NOT_WRITING.contains(call.name())
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

    /**
     * Returns whether a node may return an input without saying so: operators on graphs and those that are written in Java, but
     * not those on sizes and of oneDNN.
     */
    private static boolean mayShare(Node node, NamedArgument input) {
        String name = Call.bareName(node);
        if (name == null) {
            return node.target().startsWith("torch.ops.") && !node.target().startsWith("torch.ops.mkldnn.");
        }
        return SHARING.contains(name) && !input.name().equals("other")
                || SHARING_ONE.contains(name) && input.arg().names().size() == 1;
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

    /** Returns whether two values may share memory. */
    boolean share(String a, String b) {
        return group(a).equals(group(b));
    }

    /** Returns whether a node between two others, by their indices, writes the memory of a value. */
    boolean isWrittenBetween(String name, int first, int last) {
        String group = group(name);
        return writes.stream()
                .anyMatch(write -> write.group.equals(group) && write.index > first && write.index < last);
    }
}
