package org.jtorch.export.internal.passes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.Graph;
import org.jtorch.export.graph.Node;
import org.jtorch.export.graph.SymInt;
import org.jtorch.export.graph.TensorMeta;
import org.jtorch.export.internal.run.PlanBuilder;

/**
 * Merges chains of views, such as the split, reshape and transpose that make the heads of attention, into one view. The sizes and the
 * order in memory of what the chain begins with must be known: it is the result of a linear map, of fixed sizes.
 */
public final class MergeViews implements Pass {

    /** Operators whose results are new and contiguous. */
    private static final Set<String> CONTIGUOUS =
            Set.of(FusePointwise.LINEAR + "default", FusePointwise.LINEAR + "binary");

    /** Operators that compute no new values. If one copies, this is seen when it is tried. */
    private static final Set<String> VIEWS = Set.of(
            "expand",
            "permute",
            "reshape",
            "select",
            "slice",
            "split",
            "split_with_sizes",
            "chunk",
            "squeeze",
            "t",
            "transpose",
            "unbind",
            "unflatten",
            "flatten",
            "unsqueeze",
            "view");

    /** A view of a tensor that a node of the graph makes. */
    private record View(String base, List<Node> chain) {}

    @Override
    public String description() {
        return "merged chains of views";
    }

    @Override
    public int apply(Work work) {
        Map<String, View> views = views(work);
        Set<String> read = ends(work, views);
        Map<Node, List<Node>> replaced = new HashMap<>();
        int merged = 0;
        for (String name : read) {
            View view = views.get(name);
            Node last = view == null || view.chain.size() < 2 ? null : view.chain.get(view.chain.size() - 1);
            Node strided = view == null || last == null ? null : strided(name, view, work);
            // a node with several results stays if the chain ends there
            if (strided != null && last != null && last.outputs().get(0) instanceof Argument.Tensor) {
                replaced.computeIfAbsent(last, key -> new ArrayList<>()).add(strided);
                merged++;
            }
        }
        List<Node> nodes = new ArrayList<>();
        for (Node node : work.nodes()) {
            nodes.addAll(replaced.getOrDefault(node, List.of(node)));
        }
        work.setNodes(nodes);
        work.removeDead();
        return merged;
    }

    /** Returns the views of results whose order in memory is known. */
    private static Map<String, View> views(Work work) {
        Aliases aliases = new Aliases(work.nodes());
        Map<String, View> views = new HashMap<>();
        for (Node node : work.nodes()) {
            if (CONTIGUOUS.contains(node.target())) {
                String name = node.outputs().get(0).names().get(0);
                if (!aliases.isWritten(name)) {
                    views.put(name, new View(name, List.of()));
                }
                continue;
            }
            String bare = Call.bareName(node);
            List<String> inputs = node.inputs().stream()
                    .flatMap(input -> input.arg().names().stream())
                    .toList();
            View from = inputs.size() == 1 ? views.get(inputs.get(0)) : null;
            if (from == null || bare == null || !VIEWS.contains(bare)) {
                continue;
            }
            List<Node> chain = new ArrayList<>(from.chain);
            chain.add(node);
            node.outputs()
                    .forEach(output -> output.names().forEach(name -> views.put(name, new View(from.base, chain))));
        }
        return views;
    }

    /** Returns the views that something else than a longer chain reads. */
    private static Set<String> ends(Work work, Map<String, View> views) {
        Set<String> ends = new HashSet<>(work.outputNames());
        for (Node node : work.nodes()) {
            boolean longer = node.outputs().stream()
                    .flatMap(output -> output.names().stream())
                    .anyMatch(views::containsKey);
            if (!longer || CONTIGUOUS.contains(node.target())) {
                node.inputs().forEach(input -> ends.addAll(input.arg().names()));
            }
        }
        ends.retainAll(views.keySet());
        return ends;
    }

    /** Returns the node that makes a view at once, or null if it is not known or if the chain copies. */
    private static @Nullable Node strided(String name, View view, Work work) {
        long[] sizes = sizes(view.base, work);
        if (sizes == null) {
            return null;
        }
        Graph graph = new Graph(
                List.of(new Argument.Tensor(view.base)),
                List.of(new Argument.Tensor(view.base), new Argument.Tensor(name)),
                view.chain,
                null,
                null,
                null,
                false,
                null,
                null);
        try (Tensor tried = Torch.empty(sizes)) {
            Tensor result = (Tensor) PlanBuilder.of(graph).run(List.of(tried)).get(1);
            if (result == null || result.dtype() != DType.FLOAT32 || result.dataPtr() == 0) {
                return null;
            }
            long offset = result.storageOffset();
            if (result.dataPtr() != tried.dataPtr() + offset * Float.BYTES) {
                return null; // a copy
            }
            return new Node(
                    "torch.ops.aten.as_strided.default",
                    List.of(
                            Nodes.tensor("self", view.base),
                            Nodes.named("size", ints(result.shape())),
                            Nodes.named("stride", ints(result.strides())),
                            Nodes.named("storage_offset", new Argument.Int(offset))),
                    List.of(new Argument.Tensor(name)),
                    view.chain.get(view.chain.size() - 1).metadata(),
                    null,
                    name);
        } catch (TorchException e) {
            return null; // it fails when the graph runs
        }
    }

    private static Argument ints(long[] values) {
        List<Long> list = new ArrayList<>();
        for (long value : values) {
            list.add(value);
        }
        return new Argument.Ints(list);
    }

    private static long @Nullable [] sizes(String name, Work work) {
        TensorMeta meta = work.meta(name);
        if (meta == null || !meta.sizes().stream().allMatch(SymInt.Known.class::isInstance)) {
            return null;
        }
        return meta.sizes().stream()
                .mapToLong(size -> ((SymInt.Known) size).value())
                .toArray();
    }
}
