package org.jtorch.export.internal.passes;

import java.util.ArrayList;
import java.util.List;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.Graph;
import org.jtorch.export.graph.NamedArgument;
import org.jtorch.export.graph.Node;
import org.jtorch.export.internal.run.PlanBuilder;

/** Computes what depends only on weights and constants once, such as masks and position indices. */
public final class FoldConstants implements Pass {

    /** The greatest number of elements of a result, so that an expanded constant does not take memory. */
    private static final long MAX_NUMEL = 1 << 22;

    @Override
    public String description() {
        return "computed what depends only on weights";
    }

    @Override
    public int apply(Work work) {
        List<Node> kept = new ArrayList<>();
        Aliases aliases = new Aliases(work.nodes());
        int folded = 0;
        for (Node node : work.nodes()) {
            if (isConstant(node, work, aliases) && fold(node, work)) {
                folded++;
            } else {
                kept.add(node);
            }
        }
        work.setNodes(kept);
        work.removeDead();
        return folded;
    }

    private static boolean isConstant(Node node, Work work, Aliases aliases) {
        if (!Purity.isDeterministic(node)
                || node.outputs().size() != 1
                || !(node.outputs().get(0) instanceof Argument.Tensor result)
                || aliases.isWritten(result.name())) {
            return false;
        }
        for (NamedArgument input : node.inputs()) {
            if (input.arg() instanceof Argument.SubGraph
                    || input.arg().names().stream().anyMatch(name -> work.constant(name) == null)) {
                return false;
            }
        }
        return true;
    }

    /** Computes a node. One that fails is left, so that it fails when the graph runs. */
    private static boolean fold(Node node, Work work) {
        List<Argument> inputs = new ArrayList<>();
        List<Tensor> values = new ArrayList<>();
        for (NamedArgument input : node.inputs()) {
            for (String name : input.arg().names()) {
                Argument argument = new Argument.Tensor(name);
                if (!inputs.contains(argument)) {
                    inputs.add(argument);
                    values.add(work.constants().get(name));
                }
            }
        }
        Graph single = new Graph(inputs, node.outputs(), List.of(node), null, null, null, false, null, null);
        try {
            Tensor result = (Tensor) PlanBuilder.of(single).run(values).get(0);
            if (result == null || result.numel() > MAX_NUMEL) {
                return false;
            }
            work.setConstant(node.outputs().get(0).names().get(0), result.detach());
            return true;
        } catch (TorchException | IllegalArgumentException e) {
            return false;
        }
    }
}
