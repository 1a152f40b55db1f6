package org.jtorch.export.internal.passes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.NamedArgument;
import org.jtorch.export.graph.Node;
import org.jtorch.export.graph.SymInt;
import org.jtorch.export.graph.TensorMeta;

/** Joins the linear maps that have the same input, such as query, key and value, into one, whose result is split. */
public final class JoinLinear implements Pass {

    @Override
    public String description() {
        return "joined the linear maps that share an input";
    }

    @Override
    public int apply(Work work) {
        Map<String, List<Node>> byInput = new LinkedHashMap<>();
        for (Node node : work.nodes()) {
            Call linear = Call.of(node, "linear");
            if (linear != null && isJoinable(linear, work)) {
                boolean biased = linear.tensor("bias") != null;
                byInput.computeIfAbsent(linear.tensor("input") + (biased ? " with bias" : ""), key -> new ArrayList<>())
                        .add(node);
            }
        }
        Map<Node, List<Node>> first = new HashMap<>();
        List<Node> removed = new ArrayList<>();
        int joined = 0;
        Aliases aliases = new Aliases(work.nodes());
        for (List<Node> group : byInput.values()) {
            int from = work.nodes().indexOf(group.get(0));
            int to = work.nodes().indexOf(group.get(group.size() - 1));
            String input = group.get(0).inputs().get(0).arg().names().get(0);
            if (group.size() > 1
                    && !aliases.isWrittenBetween(input, from, to)
                    && !Strides.matter(results(group), work, aliases)) {
                first.put(group.get(0), joined(group, work));
                removed.addAll(group.subList(1, group.size()));
                joined++;
            }
        }
        List<Node> nodes = new ArrayList<>();
        for (Node node : work.nodes()) {
            List<Node> replaced = first.get(node);
            if (replaced != null) {
                nodes.addAll(replaced);
            } else if (!removed.contains(node)) {
                nodes.add(node);
            }
        }
        work.setNodes(nodes);
        work.removeDead();
        return joined;
    }

    private static List<String> results(List<Node> group) {
        return group.stream().map(each -> each.outputs().get(0).names().get(0)).toList();
    }

    private static boolean isJoinable(Call linear, Work work) {
        Tensor weight = work.constant(linear.tensor("weight"));
        String bias = linear.tensor("bias");
        return weight != null
                && weight.dim() == 2
                && linear.tensor("input") != null
                && work.constant(linear.tensor("input")) == null
                && (bias == null || work.constant(bias) != null);
    }

    private static List<Node> joined(List<Node> group, Work work) {
        List<Tensor> weights = new ArrayList<>();
        List<Tensor> biases = new ArrayList<>();
        List<Long> sizes = new ArrayList<>();
        List<Argument.Tensor> results = new ArrayList<>();
        String input = null;
        for (Node node : group) {
            Call linear = Call.of(node, "linear");
            Tensor weight = linear == null ? null : work.constant(linear.tensor("weight"));
            if (linear == null || weight == null) {
                throw new AssertionError(node);
            }
            input = linear.tensor("input");
            weights.add(weight);
            Tensor bias = work.constant(linear.tensor("bias"));
            if (bias != null) {
                biases.add(bias);
            }
            sizes.add(weight.size(0));
            results.add(new Argument.Tensor(linear.result()));
            work.setReordered(linear.result());
        }
        List<NamedArgument> inputs = new ArrayList<>();
        inputs.add(Nodes.tensor("input", input));
        inputs.add(Nodes.tensor("weight", work.addConstant("joined_weight", Torch.cat(weights, 0))));
        if (!biases.isEmpty()) {
            inputs.add(Nodes.tensor("bias", work.addConstant("joined_bias", Torch.cat(biases, 0))));
        }
        String whole = work.freshName("joined");
        TensorMeta part = work.meta(results.get(0).name());
        if (part != null) {
            work.describe(
                    whole,
                    widened(part, sizes.stream().mapToLong(Long::longValue).sum()));
        }
        Node linear = Node.of(whole, "torch.ops.aten.linear.default", inputs, List.of(new Argument.Tensor(whole)));
        Node split = Node.of(
                work.freshName("parts"),
                "torch.ops.aten.split_with_sizes.default",
                List.of(
                        Nodes.tensor("self", whole),
                        new NamedArgument("split_sizes", new Argument.Ints(sizes), NamedArgument.POSITIONAL),
                        new NamedArgument("dim", new Argument.Int(-1), NamedArgument.POSITIONAL)),
                List.of(new Argument.Tensors(results)));
        return List.of(linear, split);
    }

    /** Returns the description of a contiguous tensor that has another size in the last dimension. */
    private static TensorMeta widened(TensorMeta part, long size) {
        List<SymInt> sizes = new ArrayList<>(part.sizes());
        sizes.set(sizes.size() - 1, new SymInt.Known(size));
        List<SymInt> strides = new ArrayList<>(part.strides());
        long stride = 1;
        for (int i = sizes.size() - 1; i >= 0 && sizes.get(i) instanceof SymInt.Known known; i--) {
            strides.set(i, new SymInt.Known(stride));
            stride *= known.value();
        }
        return new TensorMeta(
                part.dtype(), sizes, part.requiresGrad(), part.device(), strides, part.storageOffset(), part.layout());
    }
}
