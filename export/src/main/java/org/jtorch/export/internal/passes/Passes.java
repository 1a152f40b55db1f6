package org.jtorch.export.internal.passes;

import java.util.ArrayList;
import java.util.List;

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
            new OutputLayout(),
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
     * @param further passes that run after all others
     * @return what each pass did
     */
    public static Explanation run(Work work, boolean oneDnn, List<Pass> further) {
        List<Pass> passes = new ArrayList<>(oneDnn ? ALL : PLAIN);
        passes.addAll(further);
        List<Explanation.Change> changes = new ArrayList<>();
        int before = work.nodes().size();
        for (Pass pass : passes) {
            changes.add(new Explanation.Change(pass.apply(work), pass.description()));
        }
        return new Explanation(changes, before, work.nodes().size());
    }
}
