package org.jtorch.export.internal.run;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.Graph;
import org.jtorch.export.graph.NamedArgument;
import org.jtorch.export.graph.Node;

/**
 * Whether a graph is written in training mode or in eval mode: the operators whose result depends on that have an argument for
 * it.
 *
 * @param training true for training mode; null if no operator depends on it
 * @param node the name of the node that says so; empty if there is none
 */
public record Mode(@Nullable Boolean training, String node) {

    private static final Set<String> ARGUMENTS = Set.of("train", "training", "is_training", "use_input_stats");

    /** Returns the mode of a graph and of those in it. */
    public static Mode of(Graph graph) {
        Mode found = new Mode(null, "");
        for (Node node : graph.nodes()) {
            for (NamedArgument input : node.inputs()) {
                if (input.arg() instanceof Argument.SubGraph branch) {
                    Mode inner = of(branch.graph());
                    found = inner.training == null ? found : inner;
                } else if (ARGUMENTS.contains(input.name())
                        && input.arg() instanceof Argument.Bool mode
                        && matters(node)) {
                    found = new Mode(mode.value(), node.label());
                }
                if (Boolean.TRUE.equals(found.training)) {
                    return found;
                }
            }
        }
        return found;
    }

    /** Returns whether the mode of a node can be seen: dropout of nothing and instance normalization are the same in both. */
    private static boolean matters(Node node) {
        if (node.target().contains("instance_norm")) {
            return false;
        }
        for (NamedArgument input : node.inputs()) {
            boolean probability = input.name().equals("p") || input.name().equals("dropout");
            if (probability && input.arg() instanceof Argument.Float p && p.value() == 0) {
                return false;
            }
        }
        return true;
    }
}
