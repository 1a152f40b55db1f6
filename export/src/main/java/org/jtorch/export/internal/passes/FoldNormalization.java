package org.jtorch.export.internal.passes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.NamedArgument;
import org.jtorch.export.graph.Node;
import org.jtorch.export.graph.TensorMeta;

/** Folds batch normalization in eval mode into the weights of the convolution or linear map before it. */
public final class FoldNormalization implements Pass {

    @Override
    public String description() {
        return "folded normalization into convolution and linear";
    }

    @Override
    public int apply(Work work) {
        Map<String, Node> producers = work.producers();
        Map<String, Integer> uses = work.uses();
        Map<Node, Node> folded = new HashMap<>();
        int count = 0;
        for (Node node : work.nodes()) {
            Call norm = Call.of(node, "batch_norm", "_native_batch_norm_legit_no_training");
            String from = norm == null ? null : norm.tensor("input");
            Node before = from == null || uses.getOrDefault(from, 0) != 1 ? null : producers.get(from);
            Call map = before == null ? null : weighted(before, work);
            if (norm == null
                    || from == null
                    || before == null
                    || map == null
                    || norm.bool("training")
                    || readsStatistics(node, uses)
                    || !channelsAreRows(map, work)) {
                continue;
            }
            Node replaced = fold(norm, map, before, work);
            if (replaced != null) {
                folded.put(before, replaced);
                folded.put(node, null);
                count++;
            }
        }
        List<Node> nodes = new ArrayList<>();
        for (Node node : work.nodes()) {
            Node replaced = folded.getOrDefault(node, node);
            if (replaced != null) {
                nodes.add(replaced);
            }
        }
        work.setNodes(nodes);
        work.removeDead();
        return count;
    }

    /** Returns whether something reads the mean and the deviation that the normalization also returns. */
    private static boolean readsStatistics(Node norm, Map<String, Integer> uses) {
        return norm.outputs().stream()
                .skip(1)
                .flatMap(output -> output.names().stream())
                .anyMatch(uses::containsKey);
    }

    /** Returns the call if the node is a convolution or a linear map with constant weights. */
    private static @Nullable Call weighted(Node node, Work work) {
        Call call = Call.of(node, "conv1d", "conv2d", "conv3d", "linear");
        if (call == null || work.constant(call.tensor("weight")) == null) {
            return null;
        }
        String bias = call.tensor("bias");
        return bias == null || work.constant(bias) != null ? call : null;
    }

    /**
     * Returns whether the channels of the normalization, which are the second dimension of its input, are the rows of the
     * weight. A linear map of sequences has them last, and a convolution of one image first.
     */
    private static boolean channelsAreRows(Call map, Work work) {
        TensorMeta result = work.meta(map.result());
        Tensor weight = work.constant(map.tensor("weight"));
        return result != null && weight != null && result.sizes().size() == weight.dim();
    }

    private static @Nullable Node fold(Call norm, Call map, Node node, Work work) {
        Tensor mean = work.constant(norm.tensor("running_mean"));
        Tensor variance = work.constant(norm.tensor("running_var"));
        Tensor weight = work.constant(map.tensor("weight"));
        double eps = norm.number("eps");
        if (mean == null || variance == null || weight == null || Double.isNaN(eps)) {
            return null;
        }
        Tensor scale = variance.add(eps).rsqrt();
        Tensor gamma = work.constant(norm.tensor("weight"));
        Tensor beta = work.constant(norm.tensor("bias"));
        if (norm.tensor("weight") != null && gamma == null || norm.tensor("bias") != null && beta == null) {
            return null;
        }
        scale = gamma == null ? scale : scale.mul(gamma);
        Tensor bias = work.constant(map.tensor("bias"));
        Tensor shift = (bias == null ? Torch.zerosLike(mean) : bias).sub(mean).mul(scale);
        shift = beta == null ? shift : shift.add(beta);
        long[] shape = new long[(int) weight.dim()];
        Arrays.fill(shape, 1);
        shape[0] = -1;
        String newWeight =
                work.addConstant("folded_weight", weight.mul(scale.view(shape)).to(weight.dtype()));
        String newBias = work.addConstant("folded_bias", shift.to(weight.dtype()));
        List<NamedArgument> inputs = new ArrayList<>();
        for (NamedArgument input : node.inputs()) {
            if (!input.name().equals("bias")) {
                boolean isWeight = input.name().equals("weight");
                inputs.add(isWeight ? Nodes.tensor("weight", newWeight) : input);
                if (isWeight) {
                    inputs.add(Nodes.tensor("bias", newBias));
                }
            }
        }
        String result = norm.result();
        return new Node(node.target(), inputs, List.of(new Argument.Tensor(result)), node.metadata(), null, result);
    }
}
