package org.jtorch.export.internal.passes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.export.graph.Node;
import org.jtorch.export.graph.TensorMeta;

/** Removes what inference does not need: dropout in eval mode, detaching, checks of metadata, conversions to the same dtype. */
public final class DropTraining implements Pass {

    @Override
    public String description() {
        return "dropped what inference does not need";
    }

    @Override
    public int apply(Work work) {
        Map<String, String> replacements = new HashMap<>();
        List<Node> kept = new ArrayList<>();
        for (Node node : work.nodes()) {
            String same = same(node, work);
            if (same != null) {
                replacements.put(node.outputs().get(0).names().get(0), same);
            } else if (Call.of(node, "_assert_tensor_metadata") == null) {
                kept.add(node);
            }
        }
        int dropped = work.nodes().size() - kept.size();
        work.setNodes(kept);
        work.replaceUses(replacements);
        return dropped + work.removeDead();
    }

    /** Returns the input whose value is the result of the node, or null. */
    private static @Nullable String same(Node node, Work work) {
        Call dropout = Call.of(node, "dropout", "alpha_dropout", "feature_dropout", "feature_alpha_dropout");
        if (dropout != null) {
            return dropout.bool("train") && dropout.number("p") != 0 ? null : dropout.tensor("input");
        }
        Call view = Call.of(node, "detach", "detach_", "alias", "lift_fresh");
        if (view != null) {
            return view.tensor("self");
        }
        Call to = Call.of(node, "to");
        if (to != null && node.target().endsWith("to.dtype") && !to.bool("copy")) {
            TensorMeta from = work.meta(to.tensor("self"));
            TensorMeta result = work.meta(to.result());
            return from != null && result != null && from.dtype() == result.dtype() ? to.tensor("self") : null;
        }
        return null;
    }
}
