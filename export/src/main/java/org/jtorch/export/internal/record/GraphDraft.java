package org.jtorch.export.internal.record;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jtorch.export.graph.Node;
import org.jtorch.export.graph.SymInt;
import org.jtorch.export.graph.TensorMeta;
import org.jtorch.export.internal.record.Trace.Ref;

/** The nodes and values of a graph while it is made, and the names of its values. */
final class GraphDraft {

    final List<Node> nodes = new ArrayList<>();
    final Map<String, TensorMeta> tensorValues = new LinkedHashMap<>();
    final Map<String, SymInt> symIntValues = new LinkedHashMap<>();
    private final Names names = new Names();
    private final Map<Integer, String> refNames = new HashMap<>();

    /** Returns a name that no value has, which is {@code wanted} if possible. */
    String unused(String wanted) {
        return names.unused(wanted);
    }

    /** Gives a recorded tensor a name. */
    void define(Ref ref, String name, TensorMeta meta) {
        refNames.put(ref.number(), name);
        tensorValues.put(name, meta);
    }

    /** Returns the name of a recorded tensor. */
    String name(Ref ref) {
        String name = refNames.get(ref.number());
        if (name == null) {
            throw new IllegalStateException("the tensor " + ref + " has no name yet");
        }
        return name;
    }
}
