package org.jtorch.benchmarks.peer;

import org.jtorch.nn.ModuleList;
import org.jtorch.nn.Named;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.state.StateDict;

/** Walks over the module tree, for growing trees. */
final class TreeCases {

    private TreeCases() {}

    static void run(Bench bench) {
        if (!bench.wanted("tree/")) {
            return;
        }
        for (int n : new int[] {100, 1000, 4000, 20000}) {
            ModuleList<Linear> list = new ModuleList<>();
            for (int i = 0; i < n; i++) {
                list.add(new Linear(4, 4));
            }
            bench.measure("tree/named_parameters_" + n, 5, 5, () -> count(list));
            bench.measure("tree/state_dict_" + n, 2, 5, list::stateDict);
            StateDict state = list.stateDict();
            bench.measure("tree/load_state_dict_" + n, 1, 3, () -> list.loadStateDict(state));
        }
    }

    private static void count(ModuleList<Linear> list) {
        int count = 0;
        for (Named<Parameter> parameter : list.namedParameters()) {
            count += parameter.name().isEmpty() ? 0 : 1;
        }
        if (count != 2 * list.size()) {
            throw new IllegalStateException("found " + count + " parameters in " + list.size() + " layers");
        }
    }
}
