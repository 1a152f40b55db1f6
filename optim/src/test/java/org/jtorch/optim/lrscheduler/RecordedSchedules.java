package org.jtorch.optim.lrscheduler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongToDoubleFunction;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Parameter;
import org.jtorch.optim.Adam;
import org.jtorch.optim.Optimizer;
import org.jtorch.optim.ParamGroup;
import org.jtorch.optim.Params;
import org.jtorch.optim.SGD;
import org.jtorch.optim.Slot;
import org.jtorch.optim.State;
import org.jtorch.optim.options.OptimizerOptions;

/** The schedules that {@code parity/record/schedulers.py} recorded, and the same ones here. */
final class RecordedSchedules {

    private static final Map<String, LongToDoubleFunction> LAMBDAS = Map.of(
            "power", e -> Math.pow(0.97, e),
            "warmup", e -> Math.min(1.0, (e + 1) / 50.0),
            "root", e -> 1 / Math.sqrt(1 + e),
            "alternate", e -> e % 2 == 1 ? 0.5 : 1.9,
            "constant", e -> 0.99);

    private RecordedSchedules() {}

    static JsonNode read() throws IOException {
        try (InputStream in = RecordedSchedules.class.getResourceAsStream("schedules.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in));
        }
    }

    static String name(JsonNode test) {
        return test.get("type").asText() + test.get("args") + " "
                + test.get("optimizer").asText();
    }

    // --- optimizers --------------------------------------------------------------------------------------------

    /** An optimizer without momentum, which has the options of Adagrad. */
    static final class Plain extends Optimizer<Plain.Options> {
        static final class Options extends OptimizerOptions<Options> {
            Options() {
                super(0.01);
                declareNumber("lr_decay", 0);
                declareEps(1e-10);
                declareWeightDecay(0);
                declareNumber("initial_accumulator_value", 0);
                declareOptionalFlag("foreach");
                declareFlag("maximize", false);
                declareFlag("differentiable", false);
                declareOptionalFlag("fused");
            }
        }

        Plain(Consumer<Options> options, List<Params<Options>> groups) {
            super(Options::new, options, groups);
        }

        @Override
        protected void initialize(State state, Tensor parameter, Options options) {}

        @Override
        protected void update(Slot slot, Options options) {
            slot.parameter().add_(slot.grad(), -options.lr());
        }
    }

    static List<Parameter> parameters(long size) {
        return List.of(new Parameter(Torch.zeros(size)));
    }

    static Optimizer<?> optimizer(String kind) {
        return switch (kind) {
            case "adam" ->
                new Adam(
                        o -> o.lr(0.5),
                        List.of(Params.of(parameters(2), g -> g.lr(0.1)), Params.of(parameters(3), g -> g.lr(0.02))));
            case "plain" ->
                new Plain(
                        o -> o.lr(0.5),
                        List.of(Params.of(parameters(2), g -> g.lr(0.1)), Params.of(parameters(3), g -> g.lr(0.02))));
            default -> sgd();
        };
    }

    static SGD sgd() {
        return new SGD(
                o -> o.lr(0.5).momentum(0.8),
                List.of(Params.of(parameters(2), g -> g.lr(0.1)), Params.of(parameters(3), g -> g.lr(0.02))));
    }

    static double lr(Optimizer<?> optimizer, int group) {
        return GroupValues.lr(optimizer.groups().get(group));
    }

    static double momentum(Optimizer<?> optimizer, int group) {
        ParamGroup<?> wanted = optimizer.groups().get(group);
        OptimizerOptions<?> options = GroupValues.options(wanted);
        return options.has("betas")
                ? options.number("betas", 0)
                : options.has("momentum") ? options.number("momentum") : 0;
    }

    // --- schedules ---------------------------------------------------------------------------------------------

    static LRScheduler build(JsonNode test, Optimizer<?> optimizer) {
        JsonNode a = test.get("args");
        return switch (test.get("type").asText()) {
            case "LambdaLR" ->
                a.get("lr_lambda").isArray()
                        ? new LambdaLR(optimizer, lambdas(a.get("lr_lambda")))
                        : new LambdaLR(optimizer, lambda(a.get("lr_lambda")));
            case "MultiplicativeLR" ->
                a.get("lr_lambda").isArray()
                        ? new MultiplicativeLR(optimizer, lambdas(a.get("lr_lambda")))
                        : new MultiplicativeLR(optimizer, lambda(a.get("lr_lambda")));
            case "StepLR" -> new StepLR(optimizer, a.get("step_size").asLong(), o -> set(a, "gamma", o::gamma));
            case "MultiStepLR" -> new MultiStepLR(optimizer, ints(a.get("milestones")), o -> set(a, "gamma", o::gamma));
            case "ConstantLR" ->
                new ConstantLR(optimizer, o -> {
                    set(a, "factor", o::factor);
                    set(a, "total_iters", v -> o.totalIters(v.longValue()));
                });
            case "LinearLR" ->
                new LinearLR(optimizer, o -> {
                    set(a, "start_factor", o::startFactor);
                    set(a, "end_factor", o::endFactor);
                    set(a, "total_iters", v -> o.totalIters(v.longValue()));
                });
            case "ExponentialLR" -> new ExponentialLR(optimizer, a.get("gamma").asDouble());
            case "PolynomialLR" ->
                new PolynomialLR(optimizer, o -> {
                    set(a, "total_iters", v -> o.totalIters(v.longValue()));
                    set(a, "power", o::power);
                });
            case "CosineAnnealingLR" ->
                new CosineAnnealingLR(optimizer, a.get("T_max").asLong(), o -> set(a, "eta_min", o::etaMin));
            case "CosineAnnealingWarmRestarts" ->
                new CosineAnnealingWarmRestarts(optimizer, a.get("T_0").asLong(), o -> {
                    set(a, "T_mult", v -> o.tMult(v.longValue()));
                    set(a, "eta_min", o::etaMin);
                });
            case "CyclicLR" -> cyclic(a, optimizer);
            case "OneCycleLR" -> oneCycle(a, optimizer);
            case "SWALR" ->
                a.get("swa_lr").isArray()
                        ? new SWALR(optimizer, doubles(a.get("swa_lr")), o -> swa(a, o))
                        : new SWALR(optimizer, a.get("swa_lr").asDouble(), o -> swa(a, o));
            case "ReduceLROnPlateau" -> new ReduceLROnPlateau(optimizer, o -> plateau(a, o));
            case "SequentialLR" -> new SequentialLR(optimizer, all(a, optimizer), ints(a.get("milestones")));
            case "ChainedScheduler" -> new ChainedScheduler(all(a, optimizer));
            default -> throw new AssertionError(test);
        };
    }

    private static CyclicLR cyclic(JsonNode a, Optimizer<?> optimizer) {
        Consumer<CyclicLR.Options> options = o -> {
            set(a, "step_size_up", v -> o.stepSizeUp(v.longValue()));
            set(a, "step_size_down", v -> o.stepSizeDown(v.longValue()));
            set(a, "gamma", o::gamma);
            text(a, "mode", v -> o.mode(CyclicLR.Mode.valueOf(v)));
            text(a, "scale_mode", v -> o.scaleMode(CyclicLR.ScaleMode.valueOf(v)));
            if (a.has("scale_fn")) {
                LongToDoubleFunction function = lambda(a.get("scale_fn"));
                o.scaleFn(x -> function.applyAsDouble((long) x));
            }
            o.cycleMomentum(a.path("cycle_momentum").asBoolean(true));
            if (a.has("base_momentum")) {
                o.baseMomentum(doubles(a.get("base_momentum"))).maxMomentum(doubles(a.get("max_momentum")));
            }
        };
        return a.get("base_lr").isArray()
                ? new CyclicLR(optimizer, doubles(a.get("base_lr")), doubles(a.get("max_lr")), options)
                : new CyclicLR(
                        optimizer, a.get("base_lr").asDouble(), a.get("max_lr").asDouble(), options);
    }

    private static OneCycleLR oneCycle(JsonNode a, Optimizer<?> optimizer) {
        Consumer<OneCycleLR.Options> options = o -> {
            set(a, "total_steps", v -> o.totalSteps(v.longValue()));
            set(a, "epochs", v -> o.epochs(v.longValue()));
            set(a, "steps_per_epoch", v -> o.stepsPerEpoch(v.longValue()));
            set(a, "pct_start", o::pctStart);
            set(a, "div_factor", o::divFactor);
            set(a, "final_div_factor", o::finalDivFactor);
            set(a, "max_momentum", o::maxMomentum);
            text(a, "anneal_strategy", v -> o.annealStrategy(AnnealStrategy.valueOf(v)));
            o.cycleMomentum(a.path("cycle_momentum").asBoolean(true));
            o.threePhase(a.path("three_phase").asBoolean(false));
            if (a.has("base_momentum")) {
                o.baseMomentum(doubles(a.get("base_momentum")));
            }
        };
        return a.get("max_lr").isArray()
                ? new OneCycleLR(optimizer, doubles(a.get("max_lr")), options)
                : new OneCycleLR(optimizer, a.get("max_lr").asDouble(), options);
    }

    private static void swa(JsonNode a, SWALR.Options o) {
        set(a, "anneal_epochs", v -> o.annealEpochs(v.longValue()));
        text(a, "anneal_strategy", v -> o.annealStrategy(AnnealStrategy.valueOf(v)));
    }

    private static void plateau(JsonNode a, ReduceLROnPlateau.Options o) {
        text(a, "mode", v -> o.mode(ReduceLROnPlateau.Mode.valueOf(v)));
        text(a, "threshold_mode", v -> o.thresholdMode(ReduceLROnPlateau.ThresholdMode.valueOf(v)));
        set(a, "factor", o::factor);
        set(a, "patience", v -> o.patience(v.longValue()));
        set(a, "threshold", o::threshold);
        set(a, "cooldown", v -> o.cooldown(v.longValue()));
        set(a, "eps", o::eps);
        if (a.path("min_lr").isArray()) {
            o.minLr(doubles(a.get("min_lr")));
        } else {
            set(a, "min_lr", o::minLr);
        }
    }

    private static List<LRScheduler> all(JsonNode a, Optimizer<?> optimizer) {
        List<LRScheduler> schedulers = new ArrayList<>();
        a.get("schedulers").forEach(each -> schedulers.add(build(each, optimizer)));
        return schedulers;
    }

    private static LongToDoubleFunction lambda(JsonNode name) {
        return Objects.requireNonNull(LAMBDAS.get(name.asText()));
    }

    private static List<LongToDoubleFunction> lambdas(JsonNode names) {
        List<LongToDoubleFunction> all = new ArrayList<>();
        names.forEach(name -> all.add(lambda(name)));
        return all;
    }

    private static void set(JsonNode args, String key, Consumer<Double> setter) {
        if (args.has(key)) {
            setter.accept(args.get(key).asDouble());
        }
    }

    private static void text(JsonNode args, String key, Consumer<String> setter) {
        if (args.has(key)) {
            setter.accept(args.get(key).asText().toUpperCase(Locale.ROOT));
        }
    }

    static List<Double> doubles(JsonNode array) {
        List<Double> values = new ArrayList<>();
        array.forEach(value -> values.add(value.asDouble()));
        return values;
    }

    private static List<Integer> ints(JsonNode array) {
        List<Integer> values = new ArrayList<>();
        array.forEach(value -> values.add(value.asInt()));
        return values;
    }

    // --- steps -------------------------------------------------------------------------------------------------

    /** Makes a step; a schedule that needs a metric is given that of the recording. */
    static void advance(LRScheduler scheduler, int step) {
        if (scheduler instanceof ReduceLROnPlateau plateau) {
            plateau.step(2 * Math.exp(-step / 25.0)
                    + 0.3 * Math.sin(step * 0.7)
                    + (step == 33 || step == 90 ? Double.NaN : 0));
        } else {
            scheduler.step();
        }
    }
}
