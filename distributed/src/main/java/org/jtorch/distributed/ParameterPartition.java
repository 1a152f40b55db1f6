package org.jtorch.distributed;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jtorch.Tensor;
import org.jtorch.optim.ParamGroup;

/**
 * Which process changes which parameter. In each group, the parameters are taken from the largest to the smallest, and each goes to the
 * process that has the fewest elements so far, as in PyTorch. A group that is added later does not change what the earlier ones gave.
 */
final class ParameterPartition {

    private final List<List<Tensor>> byRank;
    private final List<Set<Tensor>> members = new ArrayList<>();
    private final int groups;

    private ParameterPartition(List<List<Tensor>> byRank, int groups) {
        this.byRank = byRank;
        this.groups = groups;
        for (List<Tensor> each : byRank) {
            Set<Tensor> set = Collections.newSetFromMap(new IdentityHashMap<>());
            set.addAll(each);
            members.add(set);
        }
    }

    /** Divides the parameters of all groups among {@code ranks} processes. */
    static ParameterPartition of(List<? extends ParamGroup<?>> groups, int ranks) {
        List<List<Tensor>> byRank = new ArrayList<>();
        for (int rank = 0; rank < ranks; rank++) {
            byRank.add(new ArrayList<>());
        }
        long[] sizes = new long[ranks];
        for (ParamGroup<?> group : groups) {
            List<Tensor> largestFirst = new ArrayList<>(group.parameters());
            largestFirst.sort(Comparator.comparingLong(Tensor::numel).reversed());
            for (Tensor parameter : largestFirst) {
                int least = 0;
                for (int rank = 1; rank < ranks; rank++) {
                    least = sizes[rank] < sizes[least] ? rank : least;
                }
                byRank.get(least).add(parameter);
                sizes[least] += parameter.numel();
            }
        }
        return new ParameterPartition(byRank, groups.size());
    }

    /** Returns the number of groups that were divided. */
    int groups() {
        return groups;
    }

    /** Returns the parameters of a process, in the same order in all processes. */
    List<Tensor> of(int rank) {
        return byRank.get(rank);
    }

    /** Returns whether a process changes a parameter. */
    boolean holds(int rank, Tensor parameter) {
        return members.get(rank).contains(parameter);
    }
}
