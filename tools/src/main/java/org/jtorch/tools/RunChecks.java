package org.jtorch.tools;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.OpRecorder.RecordedOp;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.nn.Module;
import org.jtorch.nn.ModuleCallException;
import org.jtorch.nn.Named;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.TensorTree;

/** Checks that require running a model: failures, values that are not finite, dropout, and gradients. */
final class RunChecks {

    /** Observes the outputs of modules and the ops during one forward. */
    private static final class Watcher implements ForwardTrace.Observer {
        final Set<String> dropping = new LinkedHashSet<>();

        @Nullable
        String firstNonFinite;

        @Override
        public void onOp(ForwardTrace.Call call, RecordedOp op) {
            if (Dropping.isIn(op)) {
                dropping.add(call.path);
            }
        }

        @Override
        public void onOutput(ForwardTrace.Call call, @Nullable Object output) {
            if (firstNonFinite == null && !isFinite(output)) {
                firstNonFinite = call.path;
            }
        }
    }

    private RunChecks() {}

    static <I extends @Nullable Object, O extends @Nullable Object> void check(
            Module<I, O> model, I input, @Nullable Function<? super O, Tensor> loss, List<Finding> findings) {
        boolean inputIsFinite = isFinite(input);
        if (!inputIsFinite) {
            findings.add(new Finding(Trap.NON_FINITE_OUTPUT, StateChecks.INPUT, "the input itself is not finite"));
        }
        Watcher watcher = new Watcher();
        try (TensorScope scope = new TensorScope();
                GradMode mode = Autograd.enableGrad()) {
            O output = forward(model, input, watcher, findings);
            if (watcher.firstNonFinite != null && inputIsFinite) {
                findings.add(new Finding(
                        Trap.NON_FINITE_OUTPUT,
                        watcher.firstNonFinite,
                        "the first module whose output has a NaN or an infinity"));
            }
            if (output != null) {
                backward(model, loss == null ? weighted(output) : loss.apply(output), findings);
            }
        }
        if (findings.stream().noneMatch(f -> f.trap() == Trap.FORWARD_FAILS)) {
            dropout(model, input, watcher.dropping, findings);
        }
    }

    /** Returns the output, or null if the forward fails, which is then added to the findings. */
    private static <I extends @Nullable Object, O extends @Nullable Object> @Nullable O forward(
            Module<I, O> model, I input, Watcher watcher, List<Finding> findings) {
        try (ForwardTrace trace = new ForwardTrace(model, watcher)) {
            return model.call(input);
        } catch (ModuleCallException e) {
            findings.add(new Finding(Trap.FORWARD_FAILS, e.modulePath(), String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            findings.add(new Finding(Trap.FORWARD_FAILS, "", e.toString()));
        }
        return null;
    }

    // --- gradients ---------------------------------------------------------------------------------------------

    /**
     * Returns the sum of the output's elements with weights of both signs, so that they do not cancel. Its gradient has norm 1.
     */
    private static @Nullable Tensor weighted(@Nullable Object output) {
        List<Tensor> terms = new ArrayList<>();
        TensorTree.forEach(output, tensor -> {
            if (tensor.requiresGrad() && tensor.numel() > 0) {
                Tensor real = tensor.isComplex() ? tensor.abs() : tensor;
                Tensor weights = Torch.arange(real.numel()).to(real.dtype()).to(real.device());
                weights = weights.add(1).cos();
                terms.add(real.reshape(new long[] {-1})
                        .mul(weights.div(weights.norm()))
                        .sum());
            }
        });
        return terms.stream().reduce(Tensor::add).orElse(null);
    }

    private static void backward(Module<?, ?> model, @Nullable Tensor loss, List<Finding> findings) {
        if (model.parameters().stream().noneMatch(Tensor::requiresGrad)) {
            return; // All parameters are frozen, so there is nothing to train.
        }
        if (loss == null || !loss.requiresGrad()) {
            findings.add(new Finding(
                    Trap.NO_GRADIENT, "", "the output of the model does not depend on any trainable parameter"));
            return;
        }
        try {
            loss.backward();
        } catch (RuntimeException e) {
            findings.add(new Finding(Trap.BACKWARD_FAILS, "", e.toString()));
            return;
        }
        missing(model, findings);
        for (GradientFlow.Layer layer : GradientFlow.of(model).layers()) {
            Trap trap =
                    switch (layer.health()) {
                        case NAN -> Trap.NAN_GRADIENT;
                        case INFINITE -> Trap.INFINITE_GRADIENT;
                        case VANISHING -> Trap.VANISHING_GRADIENT;
                        case EXPLODING -> Trap.EXPLODING_GRADIENT;
                        case HEALTHY, MISSING -> null;
                    };
            if (trap != null) {
                findings.add(new Finding(
                        trap,
                        layer.path(),
                        "the greatest gradient of " + layer.className() + " is " + layer.maximum() + ", the average "
                                + layer.average()));
            }
        }
    }

    /** Finds the uppermost modules in which no parameter has a gradient, and single parameters elsewhere. */
    private static void missing(Module<?, ?> model, List<Finding> findings) {
        List<String> reported = new ArrayList<>();
        for (Named<Module<?, ?>> named : model.namedModules()) {
            if (reported.stream().anyMatch(outer -> Paths.isWithin(named.name(), outer))) {
                continue;
            }
            List<Named<Parameter>> trainable = trainable(named.value().namedParameters());
            List<String> all = without(trainable);
            if (!all.isEmpty() && all.size() == trainable.size()) {
                reported.add(named.name());
                findings.add(
                        new Finding(Trap.NO_GRADIENT, named.name(), "no parameter has a gradient: " + Paths.some(all)));
                continue;
            }
            for (String own : without(trainable(Own.parameters(named.value())))) {
                findings.add(new Finding(
                        Trap.NO_GRADIENT,
                        Paths.join(named.name(), own),
                        "a parameter of " + named.value().className() + " without a gradient"));
            }
        }
    }

    private static List<Named<Parameter>> trainable(List<Named<Parameter>> parameters) {
        return parameters.stream().filter(p -> p.value().requiresGrad()).toList();
    }

    private static List<String> without(List<Named<Parameter>> parameters) {
        List<String> names = new ArrayList<>();
        for (Named<Parameter> parameter : parameters) {
            try (Tensor grad = parameter.value().grad()) {
                if (grad == null) {
                    names.add(parameter.name());
                }
            }
        }
        return names;
    }

    // --- dropout -----------------------------------------------------------------------------------------------

    /**
     * Checks that nothing is dropped in eval mode: with the model as it is, if it is in eval mode, and after all of it is put
     * in eval mode.
     */
    private static <I extends @Nullable Object> void dropout(
            Module<I, ?> model, I input, Set<String> droppingAsItStands, List<Finding> findings) {
        Set<String> dropping = new LinkedHashSet<>();
        if (!model.isTraining()) {
            dropping.addAll(droppingAsItStands);
        }
        Watcher watcher = new Watcher();
        model.eval();
        try (TensorScope scope = new TensorScope();
                GradMode mode = Autograd.inferenceMode()) {
            forward(model, input, watcher, findings);
        }
        dropping.addAll(watcher.dropping);
        dropping.forEach(path -> findings.add(
                new Finding(Trap.ACTIVE_DROPOUT, path, "a dropout is active although the model is in eval mode")));
    }

    private static boolean isFinite(@Nullable Object tree) {
        boolean[] finite = {true};
        try (GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope()) {
            TensorTree.forEach(tree, tensor -> {
                if ((tensor.isFloatingPoint() || tensor.isComplex())
                        && !tensor.device().type().equals("meta")) {
                    finite[0] &= tensor.isfinite().all().item() != 0;
                }
            });
        }
        return finite[0];
    }
}
