package org.jtorch.export.internal.passes;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.export.graph.NamedArgument;
import org.jtorch.export.graph.Node;

/**
 * Turns views into reshapes, which copy if the memory is in another order than in the plain program. Later passes may then change
 * that order. A view whose memory is written stays one.
 */
public final class LooseViews implements Pass {

    private static final String ATEN = "torch.ops.aten.";

    @Override
    public String description() {
        return "turned views into reshapes";
    }

    @Override
    public int apply(Work work) {
        Aliases aliases = new Aliases(work.nodes());
        List<Node> nodes = new ArrayList<>();
        int changed = 0;
        for (Node node : work.nodes()) {
            String target = loose(node);
            if (target == null
                    || aliases.isWritten(node.outputs().get(0).names().get(0))) {
                nodes.add(node);
                continue;
            }
            List<NamedArgument> inputs = node.inputs().stream()
                    .map(input ->
                            input.name().equals("size") ? new NamedArgument("shape", input.arg(), input.kind()) : input)
                    .toList();
            nodes.add(new Node(
                    target, inputs, node.outputs(), node.metadata(), node.isHopSingleTensorReturn(), node.name()));
            changed++;
        }
        work.setNodes(nodes);
        return changed;
    }

    private static @Nullable String loose(Node node) {
        if (Call.bareName(node) == null) {
            return null;
        }
        return switch (node.target()) {
            case ATEN + "view.default", ATEN + "_unsafe_view.default" -> ATEN + "reshape.default";
            case ATEN + "view_as.default" -> ATEN + "reshape_as.default";
            default -> null;
        };
    }
}
