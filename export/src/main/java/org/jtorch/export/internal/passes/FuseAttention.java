package org.jtorch.export.internal.passes;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.NamedArgument;
import org.jtorch.export.graph.Node;
import org.jtorch.export.graph.SymInt;
import org.jtorch.export.graph.TensorMeta;
import org.jtorch.export.internal.pt2.SchemaTypes;

/**
 * Replaces attention that is written out, {@code softmax(q k^T * scale + mask) v} with q, k and v of shape (batch, heads, length,
 * features), by the engine's operator for it, whose kernel on the CPU does not store the products of all pairs.
 *
 * <p>The scale and the mask may be absent. The two differ if a row of the mask is -infinity everywhere: the result of that row is NaN
 * if it is written out, and 0 here.
 */
public final class FuseAttention implements Pass {

    private static final int RANK = 4;

    /** The parts of one attention. {@code keys} is transposed: (batch, heads, features, length). */
    private record Parts(
            List<Node> nodes,
            String query,
            String keys,
            String value,
            @Nullable String mask,
            double scale,
            Node last) {}

    @Override
    public String description() {
        return "computed attention by the operator for it";
    }

    @Override
    public int apply(Work work) {
        int changed = 0;
        Aliases aliases = new Aliases(work.nodes());
        for (Node node : work.nodes()) {
            Parts parts = parts(node, work, aliases);
            if (parts != null) {
                replace(parts, work);
                changed++;
            }
        }
        work.removeDead();
        return changed;
    }

    /** Returns the parts of the attention of which a node is the last, or null if it is none. */
    private static @Nullable Parts parts(Node last, Work work, Aliases aliases) {
        Call weighted = Call.of(last, "matmul");
        Map<String, Node> producers = work.producers();
        Call softmax = weighted == null ? null : inner(weighted.tensor("self"), work, producers, "softmax", "_softmax");
        if (weighted == null || softmax == null || !overKeys(softmax, work)) {
            return null;
        }
        List<Node> nodes = new ArrayList<>(List.of(last, producer(softmax, producers)));
        String scores = softmax.tensor("self");
        String mask = null;
        Call add = inner(scores, work, producers, "add");
        if (add != null) {
            String masked = scores;
            boolean first = isScores(add.tensor("self"), work, producers);
            scores = add.tensor(first ? "self" : "other");
            mask = add.tensor(first ? "other" : "self");
            if (add.number("alpha") != 1 || mask == null || !isMask(work.meta(mask), work.meta(masked))) {
                return null;
            }
            nodes.add(producer(add, producers));
        }
        double scale = 1;
        Call scaled = inner(scores, work, producers, "mul", "div");
        if (scaled != null) {
            double factor = number(scaled, work);
            scale = scaled.name().equals("mul") ? factor : 1 / factor;
            scores = scaled.tensor("self");
            if (!Double.isFinite(scale) || scaled.argument("rounding_mode") != null) {
                return null;
            }
            nodes.add(producer(scaled, producers));
        }
        Call products = inner(scores, work, producers, "matmul");
        if (products == null) {
            return null;
        }
        nodes.add(producer(products, producers));
        String query = products.tensor("self");
        String keys = products.tensor("other");
        String value = weighted.tensor("other");
        if (query == null
                || keys == null
                || value == null
                || !fits(work.meta(query), work.meta(keys), work.meta(value))
                || changes(List.of(query, keys), producer(products, producers), last, work, aliases)
                || mask != null
                        && changes(List.of(mask), producer(Objects.requireNonNull(add), producers), last, work, aliases)
                || nodes.stream()
                        .anyMatch(each ->
                                aliases.isWritten(each.outputs().get(0).names().get(0)))
                || Strides.matter(List.of(weighted.result()), work, aliases)) {
            return null;
        }
        return new Parts(nodes, query, keys, value, mask, scale, last);
    }

    /** Returns the call that makes a value, if it has one of these names and nothing else reads the value. */
    private static @Nullable Call inner(
            @Nullable String value, Work work, Map<String, Node> producers, String... names) {
        return value == null || work.uses().getOrDefault(value, 0) != 1 ? null : Call.of(producers.get(value), names);
    }

    private static Node producer(Call call, Map<String, Node> producers) {
        return Objects.requireNonNull(producers.get(call.result()));
    }

    private static boolean isScores(@Nullable String name, Work work, Map<String, Node> producers) {
        Call scaled = inner(name, work, producers, "mul", "div");
        return inner(scaled == null ? name : scaled.tensor("self"), work, producers, "matmul") != null;
    }

    /** Returns whether a softmax is over the last dimension and keeps the dtype. */
    private static boolean overKeys(Call softmax, Work work) {
        TensorMeta result = work.meta(softmax.result());
        TensorMeta from = work.meta(softmax.tensor("self"));
        double dim = softmax.number("dim");
        return result != null && from != null && result.dtype() == from.dtype() && (dim == -1 || dim == RANK - 1);
    }

    /** Returns the number by which a call multiplies or divides, or NaN if it is not known. */
    private static double number(Call scaled, Work work) {
        Tensor constant = work.constant(scaled.tensor("other"));
        if (constant != null) {
            return constant.numel() == 1 && constant.dim() == 0 && constant.isFloatingPoint()
                    ? constant.item()
                    : Double.NaN;
        }
        return scaled.number("other");
    }

    /** Returns whether a mask can be added to scores: it has the same dtype, and at most the size of the scores. */
    private static boolean isMask(@Nullable TensorMeta mask, @Nullable TensorMeta scores) {
        if (mask == null || scores == null || mask.dtype() != scores.dtype()) {
            return false;
        }
        int rank = mask.sizes().size();
        if (rank != 2 && rank != RANK || scores.sizes().size() != RANK) {
            return false;
        }
        for (int i = 0; i < rank; i++) {
            SymInt size = mask.sizes().get(i);
            if (!size.equals(new SymInt.Known(1)) && !size.equals(scores.sizes().get(RANK - rank + i))) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether these are float32 on the CPU, with the same batch, heads and features. */
    private static boolean fits(@Nullable TensorMeta query, @Nullable TensorMeta keys, @Nullable TensorMeta value) {
        if (query == null || keys == null || value == null) {
            return false;
        }
        for (TensorMeta each : List.of(query, keys, value)) {
            if (each.sizes().size() != RANK
                    || SchemaTypes.dtype(each.dtype()) != DType.FLOAT32
                    || !each.device().type().equals("cpu")
                    || !each.sizes().subList(0, 2).equals(query.sizes().subList(0, 2))) {
                return false;
            }
        }
        return query.sizes().get(3).equals(keys.sizes().get(2))
                && query.sizes().get(3).equals(value.sizes().get(3))
                && keys.sizes().get(3).equals(value.sizes().get(2));
    }

    private static boolean changes(List<String> names, Node from, Node to, Work work, Aliases aliases) {
        int first = work.nodes().indexOf(from);
        int last = work.nodes().indexOf(to);
        return names.stream().anyMatch(name -> aliases.isWrittenBetween(name, first, last));
    }

    private static void replace(Parts parts, Work work) {
        Node transposed = work.producers().get(parts.keys);
        Call transpose = Call.of(transposed, "transpose");
        List<Node> fused = new ArrayList<>();
        String key = transpose == null || !swapsLast(transpose) ? null : transpose.tensor("self");
        if (key == null) {
            key = work.freshName("keys");
            fused.add(Node.of(
                    key,
                    "torch.ops.aten.transpose.int",
                    List.of(
                            Nodes.tensor("self", parts.keys),
                            Nodes.named("dim0", new Argument.Int(-2)),
                            Nodes.named("dim1", new Argument.Int(-1))),
                    List.of(new Argument.Tensor(key))));
        }
        String result = parts.last.outputs().get(0).names().get(0);
        List<NamedArgument> inputs = List.of(
                Nodes.tensor("query", parts.query),
                Nodes.tensor("key", key),
                Nodes.tensor("value", parts.value),
                Nodes.tensor("attn_mask", parts.mask),
                new NamedArgument("scale", new Argument.Float(parts.scale), NamedArgument.KEYWORD));
        fused.add(new Node(
                "torch.ops.aten.scaled_dot_product_attention.default",
                inputs,
                parts.last.outputs(),
                parts.last.metadata(),
                null,
                result));
        Set<Node> removed = new HashSet<>(parts.nodes);
        List<Node> nodes = new ArrayList<>();
        for (Node node : work.nodes()) {
            if (node == parts.last) {
                nodes.addAll(fused);
            } else if (!removed.contains(node)) {
                nodes.add(node);
            }
        }
        work.setNodes(nodes);
    }

    private static boolean swapsLast(Call transpose) {
        double first = (transpose.number("dim0") + RANK) % RANK;
        double second = (transpose.number("dim1") + RANK) % RANK;
        return first != second && Math.min(first, second) == 2 && Math.max(first, second) == 3;
    }
}
