package org.jtorch.export.internal.passes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jtorch.MemoryFormat;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.NamedArgument;
import org.jtorch.export.graph.Node;
import org.jtorch.export.graph.TensorMeta;
import org.jtorch.export.internal.pt2.SchemaTypes;

/**
 * Puts images that convolutions read into channels-last order where they enter the graph. Convolutions, pooling and additions keep
 * the order, so that oneDNN does not have to change it at each one. A graph that depends on the order stays as it is.
 */
public final class ImageLayout implements Pass {

    @Override
    public String description() {
        return "put images into channels-last order";
    }

    @Override
    public int apply(Work work) {
        Aliases aliases = new Aliases(work.nodes());
        if (stridesMatter(work, aliases)) {
            return 0;
        }
        Map<String, String> converted = new HashMap<>();
        List<Node> nodes = new ArrayList<>();
        Map<String, Node> producers = work.producers();
        for (Node node : work.nodes()) {
            Call convolution = Call.of(node, "conv2d");
            String image = convolution == null ? null : convolution.tensor("input");
            if (image == null) {
                nodes.add(node);
                continue;
            }
            TensorMeta meta = work.meta(image);
            boolean enters = !producers.containsKey(image) && work.constant(image) == null && !aliases.isWritten(image);
            if (enters && meta != null && meta.sizes().size() == 4 && !converted.containsKey(image)) {
                String name = work.freshName("channels_last");
                nodes.add(Node.of(
                        name,
                        "torch.ops.aten.contiguous.default",
                        List.of(
                                new NamedArgument("self", new Argument.Tensor(image), NamedArgument.POSITIONAL),
                                new NamedArgument(
                                        "memory_format",
                                        new Argument.MemoryFormat(SchemaTypes.number(MemoryFormat.CHANNELS_LAST)),
                                        NamedArgument.KEYWORD)),
                        List.of(new Argument.Tensor(name))));
                work.sameMeta(name, image);
                work.setReordered(name);
                converted.put(image, name);
            }
            String now = converted.get(image);
            nodes.add(now == null ? node : Work.renamed(node, Map.of(image, now)));
        }
        work.setNodes(nodes);
        return converted.size();
    }

    /** Returns whether a node that reads what convolutions computed, directly or through others, depends on strides. */
    private static boolean stridesMatter(Work work, Aliases aliases) {
        Set<String> reached = new HashSet<>();
        for (Node node : work.nodes()) {
            boolean reads = node.inputs().stream()
                    .anyMatch(input -> input.arg().names().stream().anyMatch(reached::contains));
            if (reads && Strides.matter(node, aliases)) {
                return true;
            }
            if (reads || Call.of(node, "conv2d") != null) {
                node.outputs().forEach(output -> reached.addAll(output.names()));
            }
        }
        return false;
    }
}
