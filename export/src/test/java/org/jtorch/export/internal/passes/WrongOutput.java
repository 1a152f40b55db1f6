package org.jtorch.export.internal.passes;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.Node;

/** A pass that is wrong on purpose, without changing any value: it returns others. */
public final class WrongOutput implements Pass {

    @Override
    public String description() {
        return "returned other values";
    }

    @Override
    public int apply(Work work) {
        Map<String, String> names = new HashMap<>();
        for (String output : work.outputNames()) {
            String name = work.freshName("wrong");
            work.append(Node.of(
                    name,
                    "torch.ops.aten.neg.default",
                    List.of(Nodes.tensor("self", output)),
                    List.of(new Argument.Tensor(name))));
            names.put(output, name);
        }
        work.renameOutputs(names);
        return names.size();
    }
}
