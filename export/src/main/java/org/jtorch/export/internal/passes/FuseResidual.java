package org.jtorch.export.internal.passes;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.NamedArgument;
import org.jtorch.export.graph.Node;
import org.jtorch.export.graph.SymInt;
import org.jtorch.export.graph.TensorMeta;

/** Adds a residual, and applies ReLU to the sum, within oneDNN's convolution or linear map. */
public final class FuseResidual implements Pass {

    @Override
    public String description() {
        return "added residuals within convolution and linear";
    }

    @Override
    public int apply(Work work) {
        int changed = 0;
        while (changeOne(work)) {
            changed++;
        }
        return changed;
    }

    /** Changes one addition, since a change moves a node. */
    private static boolean changeOne(Work work) {
        Map<String, Node> producers = work.producers();
        Map<String, Integer> uses = work.uses();
        Aliases aliases = new Aliases(work.nodes());
        List<Node> nodes = work.nodes();
        for (int i = 0; i < nodes.size(); i++) {
            Call add = Call.of(nodes.get(i), "add", "add_");
            if (add == null
                    || add.number("alpha") != 1
                    || !nodes.get(i).target().endsWith(".Tensor")) {
                continue;
            }
            for (String[] pair :
                    new String[][] {{add.tensor("self"), add.tensor("other")}, {add.tensor("other"), add.tensor("self")}
                    }) {
                String from = pair[0];
                String residual = pair[1];
                Node map = from == null || residual == null || from.equals(residual) ? null : producers.get(from);
                if (map == null
                        || residual == null
                        || uses.getOrDefault(from, 0) != 1
                        || !isPlain(map)
                        || !sameSizes(work.meta(from), work.meta(residual))
                        || work.constant(residual) != null
                        || aliases.isWrittenBetween(
                                Nodes.input(map, "X").names().get(0), nodes.indexOf(map), i)
                        || add.name().equals("add_") && !from.equals(add.tensor("self"))) {
                    continue;
                }
                Node next = activation(add.result(), uses, nodes, i);
                Node fused = binary(map, residual, next, add.result());
                if (KernelCheck.isRight(plain(map, nodes.get(i), next, fused), fused, work)) {
                    replace(work, map, nodes.get(i), next, fused);
                    return true;
                }
            }
        }
        return false;
    }

    /** Returns the nodes that a fused one replaces. */
    private static List<Node> plain(Node map, Node add, @Nullable Node relu, Node fused) {
        return relu != null && relu.outputs().equals(fused.outputs()) ? List.of(map, add, relu) : List.of(map, add);
    }

    private static boolean isPlain(Node map) {
        boolean known = map.target().equals(FusePointwise.CONVOLUTION + "default")
                || map.target().equals(FusePointwise.LINEAR + "default");
        return known
                && Nodes.input(map, "attr") instanceof Argument.Text attr
                && attr.value().equals("none");
    }

    /** Returns whether both have the same sizes. Images of one pixel may have strides that oneDNN does not accept. */
    private static boolean sameSizes(@Nullable TensorMeta a, @Nullable TensorMeta b) {
        SymInt one = new SymInt.Known(1);
        return a != null
                && b != null
                && a.sizes().equals(b.sizes())
                && a.dtype() == b.dtype()
                && !(a.sizes().size() == 4
                        && a.sizes().get(2).equals(one)
                        && a.sizes().get(3).equals(one));
    }

    /** Returns the ReLU that directly follows the addition and is its only reader, or null. */
    private static @Nullable Node activation(String sum, Map<String, Integer> uses, List<Node> nodes, int add) {
        Node next = add + 1 < nodes.size() ? nodes.get(add + 1) : null;
        Call relu = Call.of(next, "relu", "relu_");
        return relu != null && sum.equals(relu.tensor("self")) && uses.getOrDefault(sum, 0) == 1 ? next : null;
    }

    private static Node binary(Node map, String residual, @Nullable Node relu, String sum) {
        boolean convolution = map.target().startsWith(FusePointwise.CONVOLUTION);
        List<NamedArgument> inputs = new ArrayList<>();
        inputs.add(Nodes.named("X", Nodes.input(map, "X")));
        inputs.add(Nodes.named("other", new Argument.Tensor(residual)));
        inputs.add(Nodes.named("W", Nodes.input(map, "W")));
        inputs.add(Nodes.named("B", Nodes.input(map, "B")));
        if (convolution) {
            for (String name : List.of("padding", "stride", "dilation", "groups")) {
                inputs.add(Nodes.named(name, Nodes.input(map, name)));
            }
            inputs.add(Nodes.named("binary_attr", new Argument.Text("add")));
            inputs.add(Nodes.named("alpha", new Argument.None()));
            inputs.add(Nodes.named("unary_attr", relu == null ? new Argument.None() : new Argument.Text("relu")));
            inputs.add(Nodes.named("unary_scalars", new Argument.Floats(List.of())));
            inputs.add(Nodes.named("unary_algorithm", new Argument.None()));
        } else {
            inputs.add(Nodes.named("attr", new Argument.Text("add")));
        }
        String result =
                relu != null && convolution ? relu.outputs().get(0).names().get(0) : sum;
        return new Node(
                (convolution ? FusePointwise.CONVOLUTION : FusePointwise.LINEAR) + "binary",
                inputs,
                List.of(new Argument.Tensor(result)),
                map.metadata(),
                null,
                result);
    }

    private static void replace(Work work, Node map, Node add, @Nullable Node relu, Node fused) {
        Set<Node> removed = new HashSet<>(List.of(map));
        String result = fused.outputs().get(0).names().get(0);
        if (relu != null && relu.outputs().get(0).names().get(0).equals(result)) {
            removed.add(relu);
        }
        List<Node> nodes = new ArrayList<>();
        for (Node node : work.nodes()) {
            if (node == add) {
                nodes.add(fused);
            } else if (!removed.contains(node)) {
                nodes.add(node);
            }
        }
        work.setNodes(nodes);
    }
}
