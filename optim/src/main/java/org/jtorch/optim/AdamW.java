package org.jtorch.optim;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.serialize.Tuple;

/**
 * Adam with decoupled weight decay.
 *
 * <pre>
 * p  = p (1 - lr weight_decay)
 * m  = beta1 m + (1 - beta1) g
 * v  = beta2 v + (1 - beta2) g²
 * p  = p - lr / (1 - beta1^t)  m / (sqrt(v / (1 - beta2^t)) + eps)
 * </pre>
 *
 * <p>Where all parameters are dense, on the processor and of one floating-point dtype, one fused kernel does it all.
 *
 * @see <a href="https://arxiv.org/abs/1711.05101">Decoupled weight decay regularization, Loshchilov and Hutter 2017</a>
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.AdamW.html">torch.optim.AdamW</a>
 */
public final class AdamW extends Optimizer<AdamW.Options> {

    /** The optional arguments of {@link AdamW}. */
    public static final class Options {
        private double lr = 1e-3;
        private double beta1 = 0.9;
        private double beta2 = 0.999;
        private double eps = 1e-8;
        private double weightDecay = 1e-2;
        private boolean amsgrad;
        private boolean maximize;
        private boolean fused = true;

        /** Learning rate; default 1e-3. */
        public Options lr(double newLr) {
            lr = check("learning rate", newLr, newLr >= 0);
            return this;
        }

        /** The learning rate. */
        public double lr() {
            return lr;
        }

        /** Decay of the averages of the gradient and of its square; default 0.9 and 0.999. */
        public Options betas(double newBeta1, double newBeta2) {
            beta1 = check("beta parameter at index 0", newBeta1, newBeta1 >= 0 && newBeta1 < 1);
            beta2 = check("beta parameter at index 1", newBeta2, newBeta2 >= 0 && newBeta2 < 1);
            return this;
        }

        /** Added to the denominator; default 1e-8. */
        public Options eps(double newEps) {
            eps = check("epsilon value", newEps, newEps >= 0);
            return this;
        }

        /** Weight decay, in units of the learning rate; default 1e-2. */
        public Options weightDecay(double newWeightDecay) {
            weightDecay = check("weight_decay value", newWeightDecay, newWeightDecay >= 0);
            return this;
        }

        /** Whether the greatest v so far is used; default false. */
        public Options amsgrad(boolean newAmsgrad) {
            amsgrad = newAmsgrad;
            return this;
        }

        /** Whether to go up the gradient; default false. */
        public Options maximize(boolean newMaximize) {
            maximize = newMaximize;
            return this;
        }

        /** Whether the fused kernel is used where it applies; default true. */
        public Options fused(boolean newFused) {
            fused = newFused;
            return this;
        }
    }

    private record State(
            Tensor step,
            Tensor expAvg,
            Tensor expAvgSq,
            @Nullable Tensor maxExpAvgSq) {}

    private static final String STEP = "step";
    private static final String EXP_AVG = "exp_avg";
    private static final String EXP_AVG_SQ = "exp_avg_sq";
    private static final String MAX_EXP_AVG_SQ = "max_exp_avg_sq";

    private static final Operator FUSED = Operator.find("aten::_fused_adamw_", "");

    private final Map<Tensor, State> states = new IdentityHashMap<>();

    /** AdamW with default options. */
    public AdamW(List<? extends Tensor> parameters) {
        this(parameters, o -> {});
    }

    /**
     * AdamW over one group.
     *
     * @param parameters what is optimized
     * @param options sets the optional arguments
     */
    public AdamW(List<? extends Tensor> parameters, Consumer<Options> options) {
        super(List.of(new Group<>(parameters, customized(options))));
    }

    private static Options customized(Consumer<Options> options) {
        Options o = new Options();
        options.accept(o);
        return o;
    }

    @Override
    Map<String, @Nullable Object> options(Options o) {
        Map<String, @Nullable Object> options = new LinkedHashMap<>();
        options.put("lr", o.lr);
        options.put("betas", Tuple.of(o.beta1, o.beta2));
        options.put("eps", o.eps);
        options.put("weight_decay", o.weightDecay);
        options.put("amsgrad", o.amsgrad);
        options.put("maximize", o.maximize);
        options.put("foreach", null);
        options.put("capturable", false);
        options.put("differentiable", false);
        options.put("fused", null);
        options.put("decoupled_weight_decay", true);
        return options;
    }

    @Override
    Runnable read(Options o, Map<String, @Nullable Object> saved) {
        double lr = OptimizerState.number(saved, "lr");
        double[] betas = OptimizerState.pair(saved, "betas");
        double eps = OptimizerState.number(saved, "eps");
        double weightDecay = OptimizerState.number(saved, "weight_decay");
        boolean amsgrad = OptimizerState.truth(saved, "amsgrad");
        boolean maximize = OptimizerState.truth(saved, "maximize");
        if (Boolean.FALSE.equals(saved.get("decoupled_weight_decay"))) {
            throw new IllegalArgumentException(
                    "the state is Adam's: its decoupled_weight_decay is false, and AdamW's weight decay is decoupled");
        }
        return () -> o.lr(lr)
                .betas(betas[0], betas[1])
                .eps(eps)
                .weightDecay(weightDecay)
                .amsgrad(amsgrad)
                .maximize(maximize);
    }

    @Override
    Map<String, Object> state(Tensor parameter) {
        State state = states.get(parameter);
        if (state == null) {
            return Map.of();
        }
        Map<String, Object> values = new LinkedHashMap<>();
        values.put(STEP, state.step);
        values.put(EXP_AVG, state.expAvg);
        values.put(EXP_AVG_SQ, state.expAvgSq);
        if (state.maxExpAvgSq != null) {
            values.put(MAX_EXP_AVG_SQ, state.maxExpAvgSq);
        }
        return values;
    }

    @Override
    void setState(Tensor parameter, Map<String, Tensor> state) {
        Tensor step = state.get(STEP);
        Tensor expAvg = state.get(EXP_AVG);
        Tensor expAvgSq = state.get(EXP_AVG_SQ);
        if (step == null || expAvg == null || expAvgSq == null) {
            states.remove(parameter);
        } else {
            states.put(parameter, new State(step, expAvg, expAvgSq, state.get(MAX_EXP_AVG_SQ)));
        }
    }

    @Override
    protected void update(List<Tensor> parameters, List<Tensor> gradients, Options o) {
        List<State> stateList = new ArrayList<>(parameters.size());
        for (Tensor parameter : parameters) {
            stateList.add(states.computeIfAbsent(parameter, p -> initial(p, o)));
        }
        if (o.fused && fusable(parameters, gradients)) {
            FUSED.call(
                    parameters,
                    gradients,
                    stateList.stream().map(State::expAvg).toList(),
                    stateList.stream().map(State::expAvgSq).toList(),
                    o.amsgrad ? stateList.stream().map(State::maxExpAvgSq).toList() : List.of(),
                    countStep(stateList),
                    o.lr,
                    o.beta1,
                    o.beta2,
                    o.weightDecay,
                    o.eps,
                    o.amsgrad,
                    o.maximize,
                    null,
                    null);
        } else {
            countStep(stateList);
            for (int i = 0; i < parameters.size(); i++) {
                single(parameters.get(i), gradients.get(i), stateList.get(i), o);
            }
        }
    }

    private static State initial(Tensor parameter, Options o) {
        return new State(
                Torch.zeros(new long[0]).unscoped(),
                Torch.zerosLike(parameter.data()).unscoped(),
                Torch.zerosLike(parameter.data()).unscoped(),
                o.amsgrad ? Torch.zerosLike(parameter.data()).unscoped() : null);
    }

    private static List<Tensor> countStep(List<State> states) {
        List<Tensor> steps = new ArrayList<>(states.size());
        for (State state : states) {
            steps.add(state.step.add_(1));
        }
        return steps;
    }

    private static void single(Tensor parameter, Tensor gradient, State state, Options o) {
        Tensor g = o.maximize ? gradient.neg() : gradient;
        double t = state.step.item();
        parameter.mul_(1 - o.lr * o.weightDecay);
        state.expAvg.lerp_(g, 1 - o.beta1);
        state.expAvgSq.mul_(o.beta2).addcmul_(g, g.isComplex() ? g.conj() : g, 1 - o.beta2);
        double correction1 = 1 - Math.pow(o.beta1, t);
        double correction2 = 1 - Math.pow(o.beta2, t);
        Tensor v = state.expAvgSq;
        if (state.maxExpAvgSq != null) {
            v = state.maxExpAvgSq.copy_(state.maxExpAvgSq.maximum(state.expAvgSq));
        }
        Tensor denominator = v.sqrt().div_(Math.sqrt(correction2)).add_(o.eps);
        parameter.addcdiv_(state.expAvg, denominator, -o.lr / correction1);
    }
}
