package org.jtorch.export.graph;

import java.util.StringJoiner;

/** Writes graphs as text. */
final class GraphText {

    private GraphText() {}

    static String of(Graph graph) {
        StringBuilder text = new StringBuilder("graph(");
        StringJoiner inputs = new StringJoiner(", ");
        graph.inputs().forEach(input -> inputs.add(of(input)));
        text.append(inputs).append("):\n");
        for (Node node : graph.nodes()) {
            text.append("    ").append(of(node)).append('\n');
        }
        StringJoiner outputs = new StringJoiner(", ");
        graph.outputs().forEach(output -> outputs.add(of(output)));
        return text.append("    return ").append(outputs).toString();
    }

    static String of(Node node) {
        StringJoiner outputs = new StringJoiner(", ");
        node.outputs().forEach(output -> outputs.add(of(output)));
        StringJoiner inputs = new StringJoiner(", ", "(", ")");
        for (NamedArgument input : node.inputs()) {
            boolean named = Integer.valueOf(NamedArgument.KEYWORD).equals(input.kind());
            inputs.add((named ? input.name() + "=" : "") + of(input.arg()));
        }
        String name = node.target().replaceFirst("^torch\\.ops\\.", "");
        return (node.outputs().isEmpty() ? "" : outputs + " = ") + name + inputs;
    }

    /** Returns a name, a constant, or a list of them. */
    private static String of(Argument argument) {
        if (argument instanceof Argument.None) {
            return "None";
        }
        if (argument instanceof Argument.SubGraph branch) {
            return branch.name();
        }
        if (argument instanceof Argument.Tensors || argument instanceof Argument.SymInts) {
            return argument.toString()
                    .replaceAll("[A-Za-z]+\\[(?:name|value)=", "")
                    .replace("]", "")
                    .replace("[", "");
        }
        if (!argument.names().isEmpty()) {
            return String.join(", ", argument.names());
        }
        String text = argument.toString();
        return text.substring(text.indexOf('[') + 1, text.length() - 1).replaceFirst("^value=", "");
    }
}
