package org.jtorch.tools;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.nn.Buffer;
import org.jtorch.nn.Module;
import org.jtorch.nn.Named;
import org.jtorch.nn.Parameter;

/** Checks training and eval mode, and the statistics that eval mode uses. */
final class ModeChecks {

    private ModeChecks() {}

    static void check(Module<?, ?> model, List<Finding> findings) {
        mixed(model, findings);
        for (Named<Module<?, ?>> named : model.namedModules()) {
            if (!named.value().isTraining() && isUntouched(named.value())) {
                findings.add(new Finding(
                        Trap.STATISTICS_NEVER_UPDATED,
                        named.name(),
                        named.value().className()
                                + " is in eval mode, and its running statistics have never been updated"));
            }
        }
    }

    /** Finds the uppermost modules whose mode differs from the model's. */
    private static void mixed(Module<?, ?> model, List<Finding> findings) {
        boolean training = model.isTraining();
        List<String> reported = new ArrayList<>();
        for (Named<Module<?, ?>> named : model.namedModules()) {
            Module<?, ?> module = named.value();
            boolean told = reported.stream().anyMatch(outer -> Paths.isWithin(named.name(), outer));
            if (module.isTraining() != training && !told) {
                reported.add(named.name());
                if (!(training && isFrozen(module))) {
                    findings.add(new Finding(
                            Trap.MIXED_MODES,
                            named.name(),
                            module.className() + " is in " + mode(!training) + " mode, the model in " + mode(training)
                                    + " mode"));
                }
            }
        }
    }

    /**
     * Returns whether the module is frozen. Frozen layers are put in eval mode intentionally, because their statistics must not
     * change either.
     */
    private static boolean isFrozen(Module<?, ?> module) {
        List<Parameter> parameters = module.parameters();
        return !parameters.isEmpty() && parameters.stream().noneMatch(Tensor::requiresGrad);
    }

    private static String mode(boolean training) {
        return training ? "training" : "eval";
    }

    /** Returns whether there are running statistics that still have their initial values. */
    private static boolean isUntouched(Module<?, ?> module) {
        Tensor mean = buffer(module, "running_mean");
        Tensor variance = buffer(module, "running_var");
        if (mean == null
                || variance == null
                || mean.isUninitialized()
                || mean.device().type().equals("meta")) {
            return false;
        }
        Tensor batches = buffer(module, "num_batches_tracked");
        if (batches != null && batches.itemLong() > 0) {
            return false; // A file of an old version does not contain the count, although it has statistics.
        }
        try (TensorScope scope = new TensorScope()) {
            return mean.eq(0).all().item() != 0 && variance.eq(1).all().item() != 0;
        }
    }

    private static @Nullable Tensor buffer(Module<?, ?> module, String name) {
        for (Named<Buffer> buffer : Own.buffers(module)) {
            if (buffer.name().equals(name)) {
                return buffer.value();
            }
        }
        return null;
    }
}
