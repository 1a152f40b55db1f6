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
            new LooseViews(),
            new FuseAttention(),
            new JoinLinear(),
            new ImageLayout(),
            new FusePointwise(),
            new FuseResidual(),
            new PackWeights(),
            new MergeViews(),
            new CopyConstants());

    /** The passes without those that use operators of oneDNN, whose kernels refuse some sizes and strides. */
    private static final List<Pass> PLAIN =
            ALL.stream().filter(pass -> !(pass instanceof FusePointwise)).toList();

    private Passes() {}

    /**
     * Rewrites a graph.
     *
     * @param oneDnn whether operators of oneDNN are used
     * @return what each pass did, one line for each
     */
    public static String run(Work work, boolean oneDnn) {
        List<String> lines = new ArrayList<>();
        int before = work.nodes().size();
        for (Pass pass : oneDnn ? ALL : PLAIN) {
            int changes = pass.apply(work);
            lines.add(String.format(Locale.ROOT, "%5d  %s", changes, pass.description()));
        }
        lines.add("nodes: " + before + " before, " + work.nodes().size() + " after");
        return String.join("\n", lines);
    }
}
