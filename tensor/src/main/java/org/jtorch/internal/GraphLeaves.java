package org.jtorch.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.Edge;
import org.bytedeco.pytorch.Node;
import org.jtorch.Tensor;
import org.jtorch.internal.engine.Accumulators;
import org.jtorch.internal.engine.EngineErrors;

/** Which leaves a graph of autograd ends at. */
public final class GraphLeaves {

    private GraphLeaves() {}

    /**
     * Returns which of some leaves get a gradient if the outputs are differentiated.
     *
     * @param outputs the outputs; those that were not recorded are ignored
     * @param leaves the leaves; those that do not require grad are not reached
     * @return a value for each leaf
     */
    public static boolean[] reached(List<? extends Tensor> outputs, List<? extends Tensor> leaves) {
        boolean[] reached = new boolean[leaves.size()];
        List<Node> kept = new ArrayList<>(); // otherwise another node could get the address of one that no graph has
        Map<Long, Integer> accumulators = new HashMap<>();
        Deque<Node> open = new ArrayDeque<>();
        Set<Long> seen = new HashSet<>();
        try {
            for (int i = 0; i < leaves.size(); i++) {
                if (!leaves.get(i).requiresGrad()) {
                    continue;
                }
                Node accumulator = Accumulators.of(Handles.of(leaves.get(i)));
                kept.add(accumulator);
                accumulators.put(accumulator.address(), i);
            }
            for (Tensor output : outputs) {
                if (output.requiresGrad()) {
                    // a leaf that is returned as it is has no function, but its view has
                    visit(
                            output.isLeaf()
                                    ? Accumulators.of(Handles.of(output))
                                    : Handles.of(output).grad_fn(),
                            seen,
                            open);
                }
            }
            while (!open.isEmpty()) {
                try (Node node = open.pop()) {
                    Integer leaf = accumulators.get(node.address());
                    if (leaf != null) {
                        reached[leaf] = true;
                    }
                    for (int i = 0; i < node.num_outputs(); i++) {
                        Edge edge = node.next_edge(i); // part of the node, which frees it
                        if (edge.is_valid()) {
                            visit(edge.function(), seen, open);
                        }
                    }
                }
            }
        } catch (RuntimeException e) {
            throw EngineErrors.translate("graph", e);
        } finally {
            open.forEach(Node::close);
            kept.forEach(Node::close);
        }
        return reached;
    }

    private static void visit(Node node, Set<Long> seen, Deque<Node> open) {
        if (seen.add(node.address())) {
            open.push(node);
        } else {
            node.close();
        }
    }
}
