package org.jtorch.export.internal.passes;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.MemoryFormat;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.graph.Graph;
import org.jtorch.export.graph.NamedArgument;
import org.jtorch.export.graph.Node;
import org.jtorch.export.graph.SymInt;
import org.jtorch.export.graph.TensorMeta;
import org.jtorch.export.internal.run.PlanBuilder;
import org.jtorch.internal.TrustedOperators;

/**
 * Tests whether oneDNN's convolutions compute what the nodes that they replace compute. On virtual machines on which oneDNN cannot
 * read the sizes of the processor's caches, it leaves out a part of the sums for some sizes, without an error, and the output of a
 * program may be too small to show it. On other machines nothing is tested.
 */
final class KernelCheck {

    /** How much a value may differ, as a part of the greatest one. */
    private static final double TOLERANCE = 1e-4;

    private KernelCheck() {}

    /**
     * Returns whether a node computes the same as others.
     *
     * @param plain the nodes that it replaces, in their order
     * @param fused the node, which has the result of the last one
     */
    static boolean isRight(List<Node> plain, Node fused, Work work) {
        if (!fused.target().startsWith(FusePointwise.CONVOLUTION) || TrustedOperators.oneDnnIsRight()) {
            return true;
        }
        Map<String, Tensor> inputs = inputs(plain, fused, work);
        if (inputs == null) {
            return true; // sizes that are not known: the kernels are chosen when it runs
        }
        try {
            Tensor expected = run(plain, fused.outputs(), inputs);
            Tensor actual = run(List.of(fused), fused.outputs(), inputs);
            double greatest = expected.abs().max().item();
            return actual.sub(expected).abs().max().item() <= TOLERANCE * greatest;
        } catch (ExportException e) {
            return false; // a kernel that refuses these sizes
        }
    }

    /** Returns values for what the nodes read, or null if the sizes are not known. */
    private static @Nullable Map<String, Tensor> inputs(List<Node> plain, Node fused, Work work) {
        Set<String> reordered = work.reordered();
        Set<String> made = new HashSet<>();
        plain.forEach(node -> node.outputs().forEach(output -> made.addAll(output.names())));
        List<Node> all = new ArrayList<>(plain);
        all.add(fused);
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        for (Node node : all) {
            for (NamedArgument input : node.inputs()) {
                for (String name : input.arg().names()) {
                    Tensor constant = work.constant(name);
                    Tensor value = constant == null ? example(work.meta(name), reordered.contains(name)) : constant;
                    if (value == null) {
                        return null;
                    }
                    if (!made.contains(name)) {
                        inputs.put(name, value);
                    }
                }
            }
        }
        return inputs;
    }

    private static Tensor run(List<Node> nodes, List<Argument> outputs, Map<String, Tensor> inputs) {
        List<Argument> names = new ArrayList<>();
        List<Tensor> values = new ArrayList<>();
        inputs.forEach((name, value) -> {
            names.add(new Argument.Tensor(name));
            values.add(value.clone()); // a node may change its input
        });
        Graph part = new Graph(names, outputs, nodes, null, null, null, false, null, null);
        return (Tensor)
                Objects.requireNonNull(PlanBuilder.ofRewritten(part).run(values).get(0));
    }

    /** Returns a tensor of the known sizes, or null if they are not known. */
    private static @Nullable Tensor example(@Nullable TensorMeta meta, boolean reordered) {
        if (meta == null || !meta.sizes().stream().allMatch(SymInt.Known.class::isInstance)) {
            return null;
        }
        long[] sizes = meta.sizes().stream()
                .mapToLong(size -> ((SymInt.Known) size).value())
                .toArray();
        long numel = 1;
        for (long size : sizes) {
            numel *= size;
        }
        Tensor values =
                Torch.arange(numel, TensorOptions.of(DType.FLOAT32)).sin().view(sizes);
        return reordered && sizes.length == 4 ? values.contiguous(MemoryFormat.CHANNELS_LAST) : values;
    }
}
