package org.jtorch.export.internal.passes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.NamedArgument;
import org.jtorch.export.graph.Node;
import org.jtorch.export.graph.SymInt;
import org.jtorch.export.graph.TensorMeta;
import org.jtorch.export.internal.pt2.SchemaTypes;

/**
 * Replaces convolutions and large linear maps by oneDNN's, which also compute the activation after them and the addition of a
 * residual.
 */
public final class FusePointwise implements Pass {

    static final String CONVOLUTION = "torch.ops.mkldnn._convolution_pointwise.";
    static final String LINEAR = "torch.ops.mkldnn._linear_pointwise.";

    /** An activation in oneDNN's terms. */
    private record Activation(String name, List<Double> numbers, String algorithm) {
        static final Activation NONE = new Activation("none", List.of(), "");
    }

    @Override
    public String description() {
        return "computed activations and residual additions within convolution and linear";
    }

    @Override
    public int apply(Work work) {
        Map<String, Node> producers = work.producers();
        Map<String, Integer> uses = work.uses();
        Map<Node, Node> replaced = new HashMap<>();
        int changed = 0;
        for (Node node : work.nodes()) {
            Call map = Call.of(node, "conv2d", "linear");
            Node fused =
                    map == null || !isSupported(map, work) ? null : unary(node, map, Activation.NONE, map.result());
            if (fused != null && KernelCheck.isRight(List.of(node), fused, work)) {
                replaced.put(node, fused);
                changed++;
            }
        }
        Map<Node, Node> merged = new HashMap<>();
        Aliases aliases = new Aliases(work.nodes());
        for (Node node : work.nodes()) {
            Activation activation = activation(node);
            Call call = activation == null ? null : Call.of(node);
            String from = call == null ? null : first(call);
            Node map = from == null || uses.getOrDefault(from, 0) != 1 ? null : producers.get(from);
            Call mapCall = map == null || !replaced.containsKey(map) ? null : Call.of(map);
            String input = mapCall == null ? null : mapCall.tensor("input");
            if (activation != null
                    && call != null
                    && mapCall != null
                    && map != null
                    && input != null
                    && !aliases.isWrittenBetween(
                            input, work.nodes().indexOf(map), work.nodes().indexOf(node))) {
                Node fused = unary(map, mapCall, activation, call.result());
                if (KernelCheck.isRight(List.of(map, node), fused, work)) {
                    replaced.put(map, null);
                    merged.put(node, fused);
                    changed++;
                }
            }
        }
        List<Node> nodes = new ArrayList<>();
        for (Node node : work.nodes()) {
            Node next = merged.containsKey(node) ? merged.get(node) : replaced.getOrDefault(node, node);
            if (next != null) {
                nodes.add(next);
            }
        }
        work.setNodes(nodes);
        work.removeDead();
        return changed;
    }

    private static @Nullable String first(Call call) {
        String self = call.tensor("self");
        return self == null ? call.tensor("input") : self;
    }

    /** Returns whether oneDNN computes the map: float32 on the CPU with constant weights, and, for linear, large enough. */
    private static boolean isSupported(Call map, Work work) {
        Tensor weight = work.constant(map.tensor("weight"));
        TensorMeta input = work.meta(map.tensor("input"));
        String bias = map.tensor("bias");
        if (weight == null
                || weight.dtype() != DType.FLOAT32
                || !weight.isCpu()
                || weight.layout() != Layout.STRIDED
                || bias != null && work.constant(bias) == null
                || input == null
                || SchemaTypes.dtype(input.dtype()) != DType.FLOAT32) {
            return false;
        }
        if (map.name().equals("linear")) {
            return weight.numel() >= 1 << 16;
        }
        List<Long> padding = map.ints("padding");
        return padding != null
                && map.ints("stride") != null
                && map.ints("dilation") != null
                && input.sizes().size() == 4
                && input.sizes().stream().allMatch(SymInt.Known.class::isInstance);
    }

    private static @Nullable Activation activation(Node node) {
        Call call = Call.of(
                node,
                "relu",
                "relu_",
                "gelu",
                "sigmoid",
                "tanh",
                "silu",
                "silu_",
                "hardtanh",
                "hardtanh_",
                "hardswish",
                "hardswish_",
                "hardsigmoid",
                "leaky_relu",
                "leaky_relu_");
        if (call == null) {
            return null;
        }
        String name = call.name().replaceFirst("_$", "");
        return switch (name) {
            case "silu" -> new Activation("swish", List.of(), "");
            case "gelu" -> {
                String approximate = call.text("approximate");
                yield new Activation("gelu", List.of(), approximate == null ? "none" : approximate);
            }
            case "hardtanh" -> new Activation("hardtanh", List.of(call.number("min_val"), call.number("max_val")), "");
            case "leaky_relu" -> new Activation("leaky_relu", List.of(call.number("negative_slope")), "");
            default -> new Activation(name, List.of(), "");
        };
    }

    private static Node unary(Node node, Call map, Activation activation, String result) {
        List<NamedArgument> inputs = new ArrayList<>();
        inputs.add(Nodes.tensor("X", map.tensor("input")));
        inputs.add(Nodes.tensor("W", map.tensor("weight")));
        inputs.add(Nodes.tensor("B", map.tensor("bias")));
        boolean linear = map.name().equals("linear");
        if (!linear) {
            inputs.add(Nodes.named("padding", pair(map.ints("padding"))));
            inputs.add(Nodes.named("stride", pair(map.ints("stride"))));
            inputs.add(Nodes.named("dilation", pair(map.ints("dilation"))));
            inputs.add(Nodes.named("groups", new Argument.Int((long) map.number("groups"))));
        }
        inputs.add(Nodes.named("attr", new Argument.Text(activation.name)));
        inputs.add(Nodes.named("scalars", new Argument.Floats(activation.numbers)));
        inputs.add(Nodes.named("algorithm", new Argument.Text(activation.algorithm)));
        return new Node(
                (linear ? LINEAR : CONVOLUTION) + "default",
                inputs,
                List.of(new Argument.Tensor(result)),
                node.metadata(),
                null,
                result);
    }

    private static Argument pair(@Nullable List<Long> values) {
        if (values == null) {
            throw new AssertionError("checked before");
        }
        return new Argument.Ints(values.size() == 1 ? List.of(values.get(0), values.get(0)) : values);
    }
}
