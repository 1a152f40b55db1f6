package org.jtorch.export.internal.passes;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the passes did to a graph.
 *
 * @param changes what each pass did, in the order in which they ran
 * @param before the number of nodes before
 * @param after the number of nodes after
 */
public record Explanation(List<Change> changes, int before, int after) {

    /**
     * What one pass did.
     *
     * @param count the number of places that it changed
     * @param description what it does with each
     */
    public record Change(int count, String description) {}

    /** Creates an explanation. */
    public Explanation {
        changes = List.copyOf(changes);
    }

    /** Returns a line for each pass, and one with the numbers of nodes. */
    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        for (Change change : changes) {
            lines.add(String.format(Locale.ROOT, "%5d  %s", change.count, change.description));
        }
        lines.add("nodes: " + before + " before, " + after + " after");
        return String.join("\n", lines);
    }
}
