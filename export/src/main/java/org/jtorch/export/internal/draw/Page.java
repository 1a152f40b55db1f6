package org.jtorch.export.internal.draw;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.Graph;
import org.jtorch.export.graph.NamedArgument;
import org.jtorch.export.graph.Node;
import org.jtorch.export.internal.passes.Explanation;
import org.jtorch.serialize.internal.file.AtomicFile;

/** A page of HTML that draws graphs. It is one file that loads nothing and runs no script. */
public final class Page {

    private static final int MAX_DEPTH = 50;

    private final String title;
    private final StringBuilder body = new StringBuilder();

    /** Creates an empty page. */
    public Page(String title) {
        this.title = title;
    }

    /**
     * Adds a graph with those in it.
     *
     * @param heading the text above it; empty for none
     * @param weights the inputs of the graph that are weights, by their names in the graph
     */
    public Page add(String heading, Graph graph, Map<String, Weight> weights) {
        heading(heading);
        legend(false);
        add(graph, weights, null, 0);
        return this;
    }

    /**
     * Adds a graph that was rewritten.
     *
     * @param known the names of the nodes that it had before
     * @param explanation what the passes did
     */
    public Page addRewritten(
            String heading, Graph graph, Map<String, Weight> weights, Set<String> known, Explanation explanation) {
        heading(heading);
        body.append("<table><tr><th class=\"n\">changes</th><th>pass</th></tr>\n");
        for (Explanation.Change change : explanation.changes()) {
            body.append(change.count() == 0 ? "<tr class=\"none\">" : "<tr>")
                    .append("<td class=\"n\">")
                    .append(change.count())
                    .append("</td><td>")
                    .append(Html.escape(change.description()))
                    .append("</td></tr>\n");
        }
        body.append("</table>\n<p>")
                .append(explanation.before())
                .append(" nodes before, ")
                .append(explanation.after())
                .append(" after.</p>\n");
        legend(true);
        add(graph, weights, known, 0);
        return this;
    }

    private void heading(String heading) {
        if (!heading.isEmpty()) {
            body.append("<h2>").append(Html.escape(heading)).append("</h2>\n");
        }
    }

    private void legend(boolean rewritten) {
        body.append("<p class=\"legend\"><span class=\"input\">input</span><span class=\"operator\">operator</span>")
                .append("<span class=\"view\">view</span>");
        if (rewritten) {
            body.append("<span class=\"fused\">oneDNN, with packed weights</span>")
                    .append("<span class=\"added\">added by a pass</span>");
        }
        body.append("<span class=\"output\">output</span></p>\n");
    }

    private void add(Graph graph, Map<String, Weight> weights, @Nullable Set<String> known, int depth) {
        body.append("<div class=\"graph\">\n")
                .append(Drawing.of(new Boxes(graph, weights, known)))
                .append("</div>\n");
        if (!weights.isEmpty()) {
            weights(weights);
        }
        body.append("<details><summary>The graph as text</summary><pre>")
                .append(Html.escape(graph.toString()))
                .append("</pre></details>\n");
        for (Node node : graph.nodes()) {
            for (NamedArgument input : node.inputs()) {
                if (input.arg() instanceof Argument.SubGraph branch && depth < MAX_DEPTH) {
                    heading(branch.name() + ", a graph of the node " + node.label());
                    add(branch.graph(), Map.of(), null, depth + 1);
                }
            }
        }
    }

    private void weights(Map<String, Weight> weights) {
        long elements = 0;
        List<String> rows = new ArrayList<>();
        for (Weight weight : weights.values()) {
            elements += weight.elements();
            rows.add("<tr><td>" + Html.escape(weight.name()) + "</td><td>" + Html.escape(weight.type())
                    + "</td><td class=\"n\">" + grouped(weight.elements()) + "</td></tr>\n");
        }
        body.append("<details><summary>")
                .append(rows.size())
                .append(rows.size() == 1 ? " weight with " : " weights with ")
                .append(grouped(elements))
                .append(
                        " elements</summary>\n<table><tr><th>name</th><th>type</th><th class=\"n\">elements</th></tr>\n")
                .append(String.join("", rows))
                .append("</table></details>\n");
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /**
     * Writes the page.
     *
     * @throws org.jtorch.serialize.format.CheckpointException if the file cannot be written
     */
    public void write(Path path) {
        ByteBuffer bytes = ByteBuffer.wrap(toString().getBytes(StandardCharsets.UTF_8));
        AtomicFile.write(path, channel -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    /** Returns the page. */
    @Override
    public String toString() {
        String name = Html.escape(title);
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
                <meta name="viewport" content="width=device-width">
                <title>%s</title>
                <style>
                %s</style>
                </head>
                <body>
                <svg width="0" height="0" aria-hidden="true"><defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4"\
                 markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0 0L8 4L0 8z"/></marker></defs></svg>
                <h1>%s</h1>
                %s</body>
                </html>
                """.formatted(name, Style.CSS, name, body);
    }
}
