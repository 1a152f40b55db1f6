package org.jtorch.export.internal.passes;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The passes in the order in which they run. */
public final class Passes {

    private static final List<Pass> ALL = List.of(
            new DropTraining(),
            new FoldConstants(),
            new FoldNormalization(),
            new JoinLinear(),
            new ImageLayout(),
            new FusePointwise(),
            new PackWeights());

    private Passes() {}

    /**
     * Rewrites a graph.
     *
     * @return what each pass did, one line for each
     */
    public static String run(Work work) {
        List<String> lines = new ArrayList<>();
        int before = work.nodes().size();
        for (Pass pass : ALL) {
            int changes = pass.apply(work);
            lines.add(String.format(Locale.ROOT, "%5d  %s", changes, pass.description()));
        }
        lines.add("nodes: " + before + " before, " + work.nodes().size() + " after");
        return String.join("\n", lines);
    }
}
