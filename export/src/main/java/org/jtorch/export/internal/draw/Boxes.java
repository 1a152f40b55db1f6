package org.jtorch.export.internal.draw;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.Graph;
import org.jtorch.export.graph.NamedArgument;
import org.jtorch.export.graph.Node;
import org.jtorch.export.graph.SymInt;
import org.jtorch.export.graph.TensorMeta;
import org.jtorch.export.internal.pt2.SchemaTypes;
import org.jtorch.export.internal.run.NodeText;

/** The boxes of a graph: its inputs, nodes and outputs, with the lines of text in them and the lines between them. */
final class Boxes {

    /** What a box stands for; the name is its class in CSS. */
    enum Kind {
        INPUT,
        OUTPUT,
        OPERATOR,
        VIEW,
        FUSED,
        ADDED
    }

    /**
     * A box.
     *
     * @param heading the first line of text
     * @param details the other lines
     * @param title what is shown when the pointer is on it
     */
    record Box(Kind kind, String heading, List<String> details, String title) {}

    /** Operators that only say how memory is seen. */
    private static final Set<String> VIEWS = Set.of(
            "view",
            "reshape",
            "flatten",
            "permute",
            "transpose",
            "t",
            "expand",
            "unsqueeze",
            "squeeze",
            "slice",
            "select",
            "split",
            "split_with_sizes",
            "chunk",
            "unbind",
            "detach",
            "alias",
            "contiguous",
            "getitem");

    private final Graph graph;
    private final Map<String, Weight> weights;
    private final @Nullable Set<String> known;
    private final List<Box> boxes = new ArrayList<>();
    private final List<Layout.Edge> edges = new ArrayList<>();
    private final Map<String, Integer> makers = new HashMap<>();

    /**
     * Makes the boxes.
     *
     * @param weights the inputs of the graph that are weights
     * @param known the names of the nodes that the graph had before it was rewritten; null if it was not
     */
    Boxes(Graph graph, Map<String, Weight> weights, @Nullable Set<String> known) {
        this.graph = graph;
        this.weights = weights;
        this.known = known;
        for (Argument input : graph.inputs()) {
            String name = input.names().isEmpty() ? "" : input.names().get(0);
            if (!weights.containsKey(name)) {
                String shown = name.isEmpty() ? "constant " + input : name;
                add(new Box(Kind.INPUT, shown, typeLines(name), "input " + shown), List.of(), List.of(name));
            }
        }
        for (Node node : graph.nodes()) {
            List<String> reads = node.inputs().stream()
                    .flatMap(input -> input.arg().names().stream())
                    .toList();
            List<String> makes = node.outputs().stream()
                    .flatMap(output -> output.names().stream())
                    .toList();
            add(box(node, makes), reads, makes);
        }
        for (int i = 0; i < graph.outputs().size(); i++) {
            List<String> names = graph.outputs().get(i).names();
            String shown = names.isEmpty() ? "constant " + graph.outputs().get(i) : names.get(0);
            List<String> details = new ArrayList<>();
            for (String name : names) {
                details.addAll(weights.containsKey(name) ? List.of(weightLine("", name)) : typeLines(name));
            }
            add(new Box(Kind.OUTPUT, "output " + i, details, "output " + i + ": " + shown), names, List.of());
        }
    }

    List<Box> boxes() {
        return boxes;
    }

    List<Layout.Edge> edges() {
        return edges;
    }

    private void add(Box box, List<String> reads, List<String> makes) {
        int index = boxes.size();
        boxes.add(box);
        for (String name : reads) {
            Integer maker = makers.get(name);
            if (maker != null) {
                edges.add(new Layout.Edge(maker, index));
            }
        }
        makes.forEach(name -> makers.put(name, index));
    }

    private Box box(Node node, List<String> makes) {
        List<String> details = new ArrayList<>();
        if (makes.size() == 1) {
            details.addAll(typeLines(makes.get(0)));
        } else if (makes.size() > 1) {
            details.add(makes.size() + " values");
        }
        for (NamedArgument input : node.inputs()) {
            input.arg().names().stream()
                    .filter(weights::containsKey)
                    .forEach(name -> details.add(weightLine(input.name(), name)));
        }
        String module = NodeText.modulePath(node);
        if (!module.isEmpty()) {
            details.add("in " + module);
        }
        return new Box(kind(node), heading(node), details, node + "\n" + NodeText.of(node));
    }

    private Kind kind(Node node) {
        if (node.target().startsWith("torch.ops.mkldnn.")) {
            return Kind.FUSED;
        }
        if (known != null && !known.contains(node.label())) {
            return Kind.ADDED;
        }
        String name = operator(node).replaceFirst("\\..*", "");
        return VIEWS.contains(name) ? Kind.VIEW : Kind.OPERATOR;
    }

    /** Returns the name of an operator without {@code aten} and {@code default}. */
    private static String operator(Node node) {
        return node.target()
                .replaceFirst("^torch\\.ops\\.(aten\\.|higher_order\\.)?", "")
                .replaceFirst("^_operator\\.", "")
                .replaceFirst("\\.default$", "");
    }

    /** Returns the name of an operator; for one of oneDNN also what is computed with it. */
    private static String heading(Node node) {
        if (!node.target().startsWith("torch.ops.mkldnn.")) {
            return operator(node);
        }
        StringBuilder heading =
                new StringBuilder(operator(node).replaceFirst("^mkldnn\\._", "").replaceFirst("_pointwise.*", ""));
        for (NamedArgument input : node.inputs()) {
            if (input.name().endsWith("attr")
                    && input.arg() instanceof Argument.Text text
                    && !text.value().equals("none")) {
                heading.append(" + ").append(text.value());
            }
        }
        return heading.toString();
    }

    private String weightLine(String argument, String name) {
        Weight weight = weights.get(name);
        return weight == null ? name : (argument.isEmpty() ? "" : argument + " ") + weight.name() + " " + weight.type();
    }

    private List<String> typeLines(String name) {
        TensorMeta meta = graph.tensorValues().get(name);
        return meta == null ? List.of() : List.of(type(meta));
    }

    static String type(TensorMeta meta) {
        List<String> sizes = new ArrayList<>();
        for (SymInt size : meta.sizes()) {
            sizes.add(
                    size instanceof SymInt.Known known
                            ? Long.toString(known.value())
                            : ((SymInt.Expression) size)
                                    .value()
                                    .exprStr()
                                    .replaceAll("Symbol\\('(\\w+)'[^)]*\\)", "$1"));
        }
        return Weight.dtype(SchemaTypes.dtype(meta.dtype()).toString()) + sizes;
    }
}
