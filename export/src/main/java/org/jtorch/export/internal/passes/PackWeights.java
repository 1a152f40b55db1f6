package org.jtorch.export.internal.passes;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.NamedArgument;
import org.jtorch.export.graph.Node;
import org.jtorch.export.graph.SymInt;
import org.jtorch.export.graph.TensorMeta;
import org.jtorch.internal.LinearWeights;
import org.jtorch.internal.TrustedOperators;

/** Puts the weights of oneDNN's convolutions and linear maps into the order that its quickest kernels read, once. */
public final class PackWeights implements Pass {

    @Override
    public String description() {
        return "packed weights";
    }

    @Override
    public int apply(Work work) {
        List<Node> nodes = new ArrayList<>();
        int packed = 0;
        for (Node node : work.nodes()) {
            Node replaced = packed(node, work);
            packed += replaced == null ? 0 : 1;
            nodes.add(replaced == null ? node : replaced);
        }
        work.setNodes(nodes);
        work.removeDead();
        return packed;
    }

    private static @Nullable Node packed(Node node, Work work) {
        boolean convolution = node.target().startsWith(FusePointwise.CONVOLUTION);
        if (!convolution && !node.target().startsWith(FusePointwise.LINEAR)) {
            return null;
        }
        Tensor weight = work.constant(Nodes.input(node, "W").names().get(0));
        List<Long> sizes = sizes(work.meta(Nodes.input(node, "X").names().get(0)));
        if (weight == null || sizes == null || !convolution && !LinearWeights.shouldBePacked(rows(sizes))) {
            return null;
        }
        Tensor result = convolution
                ? pack(
                        Convolution.OPERATOR,
                        weight,
                        ((Argument.Ints) Nodes.input(node, "padding")).value(),
                        ((Argument.Ints) Nodes.input(node, "stride")).value(),
                        ((Argument.Ints) Nodes.input(node, "dilation")).value(),
                        ((Argument.Int) Nodes.input(node, "groups")).value(),
                        sizes)
                : pack(Linear.OPERATOR, weight, rows(sizes));
        String name = work.addConstant("packed", result);
        List<NamedArgument> inputs = new ArrayList<>();
        for (NamedArgument each : node.inputs()) {
            inputs.add(each.name().equals("W") ? new NamedArgument("W", new Argument.Tensor(name), each.kind()) : each);
        }
        Node replaced = new Node(node.target(), inputs, node.outputs(), node.metadata(), null, node.name());
        return KernelCheck.isRight(List.of(node), replaced, work) ? replaced : null;
    }

    private static Tensor pack(Operator operator, @Nullable Object... arguments) {
        Object result = TrustedOperators.results(operator, arguments)[0];
        if (result instanceof Tensor tensor) {
            return tensor;
        }
        throw new IllegalStateException(operator + " returned no tensor");
    }

    private static @Nullable List<Long> sizes(@Nullable TensorMeta meta) {
        if (meta == null || !meta.sizes().stream().allMatch(SymInt.Known.class::isInstance)) {
            return null;
        }
        return meta.sizes().stream().map(size -> ((SymInt.Known) size).value()).toList();
    }

    private static long rows(List<Long> sizes) {
        long rows = 1;
        for (long size : sizes.subList(0, sizes.size() - 1)) {
            rows *= size;
        }
        return rows;
    }

    // operators that are looked up at their first use

    private static final class Convolution {
        static final Operator OPERATOR = TrustedOperators.find("mkldnn::_reorder_convolution_weight", "");
    }

    private static final class Linear {
        static final Operator OPERATOR = TrustedOperators.find("mkldnn::_reorder_linear_weight", "");
    }
}
