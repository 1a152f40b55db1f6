package org.jtorch.export.internal.passes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.NamedArgument;
import org.jtorch.export.graph.Node;

/** Copies weights and constants that are outputs, so that the caller may change and close what is returned. */
public final class CopyConstants implements Pass {

    @Override
    public String description() {
        return "copied weights that are outputs";
    }

    @Override
    public int apply(Work work) {
        Aliases aliases = new Aliases(work.nodes());
        Map<String, String> copies = new LinkedHashMap<>();
        List<Node> nodes = new ArrayList<>(work.nodes());
        for (String output : work.outputNames()) {
            if (work.constants().keySet().stream().noneMatch(constant -> aliases.share(constant, output))) {
                continue;
            }
            String name = work.freshName("copy");
            NamedArgument self = new NamedArgument("self", new Argument.Tensor(output), NamedArgument.POSITIONAL);
            nodes.add(Node.of(name, "torch.ops.aten.clone.default", List.of(self), List.of(new Argument.Tensor(name))));
            work.sameMeta(name, output);
            copies.put(output, name);
        }
        work.setNodes(nodes);
        work.renameOutputs(copies);
        return copies.size();
    }
}
