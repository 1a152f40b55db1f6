package org.jtorch.distributed;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.Module;
import org.jtorch.nn.Named;

/** Compares the models of all processes: the names, shapes and dtypes of parameters and buffers, in their order. */
final class ModelCheck {

    private ModelCheck() {}

    /**
     * Refuses models that differ from that of rank 0.
     *
     * @throws IllegalArgumentException in all processes, with the first difference
     */
    static void check(ProcessGroup group, Module<?, ?> module, DistributedDataParallel.Options options) {
        List<String> own = describe(module);
        own.add("options " + options.exchanges());
        List<?> first = (List<?>) Objects.requireNonNull(group.broadcastObject(own, 0));
        String difference = difference(group.rank(), own, first);
        for (Object each : group.allGatherObject(difference)) {
            if (each != null) {
                throw new IllegalArgumentException(
                        "all processes must have the same model, with the same parameters requiring grad, and the same options: "
                                + each);
            }
        }
    }

    private static @Nullable String difference(int rank, List<String> own, List<?> first) {
        for (int i = 0; i < Math.max(own.size(), first.size()); i++) {
            String here = i < own.size() ? own.get(i) : "nothing more";
            Object there = i < first.size() ? first.get(i) : "nothing more";
            if (!here.equals(there)) {
                return "rank " + rank + " has " + here + ", rank 0 has " + there;
            }
        }
        return null;
    }

    private static List<String> describe(Module<?, ?> module) {
        List<String> lines = new ArrayList<>();
        module.namedParameters()
                .forEach(each -> lines.add((each.value().requiresGrad() ? "" : "without grad ") + text(each)));
        module.namedBuffers().forEach(each -> lines.add("the buffer " + text(each)));
        return lines;
    }

    private static String text(Named<? extends Tensor> each) {
        Tensor tensor = each.value();
        return each.name() + " of shape " + Arrays.toString(tensor.shape()) + " and " + tensor.dtype();
    }
}
