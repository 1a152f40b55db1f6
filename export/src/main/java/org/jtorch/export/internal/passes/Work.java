package org.jtorch.export.internal.passes;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.Graph;
import org.jtorch.export.graph.NamedArgument;
import org.jtorch.export.graph.Node;
import org.jtorch.export.graph.TensorMeta;

/** A graph for inference while it is rewritten: the nodes, and the values that do not depend on the inputs. */
public final class Work {

    private final List<Argument> inputs;
    private final Map<String, Tensor> constants;
    private final Map<String, TensorMeta> metas;
    private List<Node> nodes;
    private List<Argument> outputs;
    private final Set<String> reordered = new HashSet<>();
    private int fresh;

    /**
     * Creates the work.
     *
     * @param inputs the inputs that the caller passes
     * @param constants the weights, by their names in the graph
     */
    public Work(Graph graph, List<Argument> inputs, Map<String, Tensor> constants) {
        this.inputs = List.copyOf(inputs);
        this.constants = new LinkedHashMap<>(constants);
        this.metas = new HashMap<>(graph.tensorValues());
        this.nodes = new ArrayList<>(graph.nodes());
        this.outputs = new ArrayList<>(graph.outputs());
    }

    /** Returns the nodes in their order. */
    public List<Node> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    /** Replaces the nodes. */
    void setNodes(List<Node> newNodes) {
        nodes = new ArrayList<>(newNodes);
    }

    /** Returns the values that do not depend on the inputs, by their names. */
    public Map<String, Tensor> constants() {
        return Collections.unmodifiableMap(constants);
    }

    /** Returns a value that does not depend on the inputs, or null. */
    @Nullable
    Tensor constant(@Nullable String name) {
        return name == null ? null : constants.get(name);
    }

    /** Adds a value and returns its name. */
    String addConstant(String hint, Tensor value) {
        String name = freshName(hint);
        constants.put(name, value);
        return name;
    }

    /** Makes a value constant that a node computed. */
    void setConstant(String name, Tensor value) {
        constants.put(name, value);
    }

    /** Returns a name that no value has. */
    String freshName(String hint) {
        return hint + "__" + fresh++;
    }

    /** Returns what is known of a tensor, or null. */
    @Nullable
    TensorMeta meta(@Nullable String name) {
        return name == null ? null : metas.get(name);
    }

    /** Says what is known of a new tensor: the same as of another one. */
    void sameMeta(String name, String other) {
        TensorMeta meta = metas.get(other);
        if (meta != null) {
            metas.put(name, meta);
        }
    }

    /** Says that the elements of a value lie in another order in memory than in the plain program. */
    void setReordered(String name) {
        reordered.add(name);
    }

    /** Returns the values whose elements may lie in another order, directly or since they are computed from such values. */
    Set<String> reordered() {
        Set<String> all = new HashSet<>(reordered);
        for (Node node : nodes) {
            boolean reads = node.inputs().stream()
                    .anyMatch(input -> input.arg().names().stream().anyMatch(all::contains));
            if (reads && !Strides.areItsOwn(node)) {
                node.outputs().forEach(output -> all.addAll(output.names()));
            }
        }
        return all;
    }

    /** Says what is known of a new tensor. */
    void describe(String name, TensorMeta meta) {
        metas.put(name, meta);
    }

    /** Returns the names of the outputs of the graph. */
    Set<String> outputNames() {
        Set<String> names = new HashSet<>();
        outputs.forEach(output -> names.addAll(output.names()));
        return names;
    }

    /** Returns how often each value is read, by nodes and as an output. */
    Map<String, Integer> uses() {
        Map<String, Integer> uses = new HashMap<>();
        for (Node node : nodes) {
            for (NamedArgument input : node.inputs()) {
                input.arg().names().forEach(name -> uses.merge(name, 1, Integer::sum));
            }
        }
        outputs.forEach(output -> output.names().forEach(name -> uses.merge(name, 1, Integer::sum)));
        return uses;
    }

    /** Returns the node that makes each value. */
    Map<String, Node> producers() {
        Map<String, Node> producers = new HashMap<>();
        for (Node node : nodes) {
            node.outputs().forEach(output -> output.names().forEach(name -> producers.put(name, node)));
        }
        return producers;
    }

    /** Adds a node after all others. */
    void append(Node node) {
        nodes.add(node);
    }

    /** Returns other values than before. */
    void renameOutputs(Map<String, String> names) {
        outputs.replaceAll(output -> Renaming.of(output, names));
    }

    /** Replaces values by others everywhere. A value may be replaced by one that is replaced itself. */
    void replaceUses(Map<String, String> replacements) {
        if (replacements.isEmpty()) {
            return;
        }
        nodes.replaceAll(node -> new Node(
                node.target(),
                node.inputs().stream()
                        .map(input ->
                                new NamedArgument(input.name(), Renaming.of(input.arg(), replacements), input.kind()))
                        .toList(),
                node.outputs(),
                node.metadata(),
                node.isHopSingleTensorReturn(),
                node.name()));
        outputs.replaceAll(output -> Renaming.of(output, replacements));
    }

    /** Returns a node that reads other values. */
    static Node renamed(Node node, Map<String, String> replacements) {
        return new Node(
                node.target(),
                node.inputs().stream()
                        .map(input ->
                                new NamedArgument(input.name(), Renaming.of(input.arg(), replacements), input.kind()))
                        .toList(),
                node.outputs(),
                node.metadata(),
                node.isHopSingleTensorReturn(),
                node.name());
    }

    /** Removes nodes whose results nobody reads and that have no other effect, and constants that nobody reads. */
    int removeDead() {
        int before = nodes.size();
        Map<String, Integer> uses = uses();
        List<Node> kept = new ArrayList<>();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            boolean needed = !Purity.isPure(node)
                    || node.outputs().stream()
                            .flatMap(output -> output.names().stream())
                            .anyMatch(name -> uses.getOrDefault(name, 0) > 0);
            if (needed) {
                kept.add(node);
            } else {
                node.inputs().forEach(input -> input.arg().names().forEach(name -> uses.merge(name, -1, Integer::sum)));
            }
        }
        Collections.reverse(kept);
        nodes = kept;
        constants.keySet().removeIf(name -> uses.getOrDefault(name, 0) == 0);
        return before - nodes.size();
    }

    /** Returns the graph, whose first inputs are the constants in their order. */
    public Graph graph() {
        List<Argument> all = new ArrayList<>();
        constants.keySet().forEach(name -> all.add(new Argument.Tensor(name)));
        all.addAll(inputs);
        return new Graph(all, outputs, nodes, metas, Map.of(), Map.of(), false, Map.of(), Map.of());
    }
}
