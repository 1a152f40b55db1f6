package org.jtorch.export.internal.passes;

import java.util.ArrayList;
import java.util.List;
import org.jtorch.export.graph.Node;

/** A pass that is wrong on purpose: it makes negations of ReLUs. */
public final class WrongRelu implements Pass {

    @Override
    public String description() {
        return "made negations of ReLUs";
    }

    @Override
    public int apply(Work work) {
        List<Node> nodes = new ArrayList<>();
        int changed = 0;
        for (Node node : work.nodes()) {
            boolean relu = node.target().endsWith("aten.relu.default");
            changed += relu ? 1 : 0;
            nodes.add(
                    relu
                            ? new Node(
                                    "torch.ops.aten.neg.default",
                                    node.inputs(),
                                    node.outputs(),
                                    node.metadata(),
                                    null,
                                    node.name())
                            : node);
        }
        work.setNodes(nodes);
        return changed;
    }
}
