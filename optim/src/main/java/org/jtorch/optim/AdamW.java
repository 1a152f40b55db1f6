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
import org.jtorch.TorchException;
import org.jtorch.internal.TrustedOperators;
import org.jtorch.internal.options.Customized;
import org.jtorch.serialize.python.Tuple;

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
 * <p>A fused kernel changes parameters that are dense and on the CPU, if gradient and state have the same layout in memory
 * as the parameter. Plain operators change all others. The real and imaginary parts of a complex parameter are optimized
 * separately. Sparse gradients are not supported.
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

        /** Sets the learning rate; the default is 1e-3. */
        public Options lr(double newLr) {
            lr = check("learning rate", newLr, newLr >= 0);
            return this;
        }

        /** Returns the learning rate. */
        public double lr() {
            return lr;
        }

        /** Sets the decay rates of the averages of the gradient and of its square; the defaults are 0.9 and 0.999. */
        public Options betas(double newBeta1, double newBeta2) {
            beta1 = check("beta parameter at index 0", newBeta1, newBeta1 >= 0 && newBeta1 < 1);
            beta2 = check("beta parameter at index 1", newBeta2, newBeta2 >= 0 && newBeta2 < 1);
            return this;
        }

        /** Sets the term that is added to the denominator; the default is 1e-8. */
        public Options eps(double newEps) {
            eps = check("epsilon value", newEps, newEps >= 0);
            return this;
        }

        /** Sets the weight decay, in units of the learning rate; the default is 1e-2. */
        public Options weightDecay(double newWeightDecay) {
            weightDecay = check("weight_decay value", newWeightDecay, newWeightDecay >= 0);
            return this;
        }

        /** Sets whether the greatest v is used, counted from the first step with this option; the default is false. */
        public Options amsgrad(boolean newAmsgrad) {
            amsgrad = newAmsgrad;
            return this;
        }

        /** Sets whether to maximize the objective instead of minimizing it; the default is false. */
        public Options maximize(boolean newMaximize) {
            maximize = newMaximize;
            return this;
        }

        /** Sets whether the fused kernel is used for the parameters that it supports; the default is true. */
        public Options fused(boolean newFused) {
            fused = newFused;
            return this;
        }
    }

    private record State(
            Tensor step,
            Kept expAvg,
            Kept expAvgSq,
            @Nullable Kept maxExpAvgSq) {

        static State initial(Tensor parameter) {
            return new State(Torch.zeros(new long[0]).unscoped(), zeros(parameter), zeros(parameter), null);
        }

        /** Returns a state that also keeps the maximum. */
        State withMaximum() {
            return new State(step, expAvg, expAvgSq, zeros(expAvgSq.tensor()));
        }

        private static Kept zeros(Tensor like) {
            return new Kept(Torch.zerosLike(like.data()).unscoped());
        }
    }

    private static final String STEP = "step";
    private static final String EXP_AVG = "exp_avg";
    private static final String EXP_AVG_SQ = "exp_avg_sq";
    private static final String MAX_EXP_AVG_SQ = "max_exp_avg_sq";

    /** Called only with operands that {@link FusedGuard} accepts. */
    private static final Operator FUSED = TrustedOperators.find("aten::_fused_adamw_", "");

    private final Map<Tensor, State> states = new IdentityHashMap<>();

    /** Creates AdamW with the default options. */
    public AdamW(List<? extends Tensor> parameters) {
        this(parameters, o -> {});
    }

    /**
     * Creates AdamW over one group.
     *
     * @param parameters the parameters to optimize
     * @param options sets the optional arguments
     */
    public AdamW(List<? extends Tensor> parameters, Consumer<Options> options) {
        super(List.of(new Group<>(parameters, customized(options))));
    }

    private static Options customized(Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
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
        values.put(EXP_AVG, state.expAvg.tensor());
        values.put(EXP_AVG_SQ, state.expAvgSq.tensor());
        if (state.maxExpAvgSq != null) {
            values.put(MAX_EXP_AVG_SQ, state.maxExpAvgSq.tensor());
        }
        return values;
    }

    @Override
    Runnable readState(String name, Tensor parameter, Map<String, Tensor> values) {
        if (values.isEmpty()) {
            return () -> states.remove(parameter);
        }
        State state = new State(
                OptimizerState.steps(name, values),
                new Kept(OptimizerState.likeParameter(name, parameter, values, EXP_AVG)),
                new Kept(OptimizerState.likeParameter(name, parameter, values, EXP_AVG_SQ)),
                values.containsKey(MAX_EXP_AVG_SQ)
                        ? new Kept(OptimizerState.likeParameter(name, parameter, values, MAX_EXP_AVG_SQ))
                        : null);
        return () -> states.put(parameter, state);
    }

    @Override
    Runnable prepare(List<Target> targets, Options o) {
        for (Target target : targets) {
            if (target.isSparse()) {
                throw new TorchException("AdamW does not support sparse gradients: make the gradient dense"
                        + " (an Embedding without sparse(true)), or use SGD");
            }
            target.checkDtype();
        }
        Map<Tensor, State> fresh = new IdentityHashMap<>();
        List<State> used = new ArrayList<>(targets.size());
        List<FusedGuard.Operands> operands = new ArrayList<>(targets.size());
        for (Target target : targets) {
            Tensor parameter = target.parameter();
            State known = states.get(parameter);
            State state = known == null ? State.initial(parameter) : known;
            if (o.amsgrad && state.maxExpAvgSq == null) {
                state = state.withMaximum();
            }
            if (state != known) {
                fresh.put(parameter, state);
            }
            used.add(state);
            operands.add(operands(target, state, o));
        }
        FusedGuard.Split split = o.fused ? FusedGuard.split(operands) : FusedGuard.Split.allAlone(used.size());
        return () -> {
            states.putAll(fresh);
            for (State state : used) {
                state.step.add_(1);
            }
            for (List<Integer> together : split.together()) {
                fused(together, targets, used, o);
            }
            for (int i : split.alone()) {
                single(targets.get(i).parameter(), targets.get(i).gradient(), used.get(i), o);
            }
        };
    }

    /** Returns what the step reads and writes, after checking that it fits the parameter. */
    private static FusedGuard.Operands operands(Target target, State state, Options o) {
        List<Operand> operands = new ArrayList<>(3);
        operands.add(checked(target, EXP_AVG, state.expAvg));
        operands.add(checked(target, EXP_AVG_SQ, state.expAvgSq));
        if (o.amsgrad && state.maxExpAvgSq != null) {
            operands.add(checked(target, MAX_EXP_AVG_SQ, state.maxExpAvgSq));
        }
        return new FusedGuard.Operands(target, operands);
    }

    private static Operand checked(Target target, String key, Kept kept) {
        Operand operand = Operand.of(kept);
        target.checkState(key, operand, true);
        return operand;
    }

    private static void fused(List<Integer> which, List<Target> targets, List<State> states, Options o) {
        List<Tensor> parameters = new ArrayList<>(which.size());
        List<Tensor> gradients = new ArrayList<>(which.size());
        List<Tensor> averages = new ArrayList<>(which.size());
        List<Tensor> squares = new ArrayList<>(which.size());
        List<Tensor> greatest = new ArrayList<>();
        List<Tensor> steps = new ArrayList<>(which.size());
        for (int i : which) {
            State state = states.get(i);
            parameters.add(targets.get(i).parameter());
            gradients.add(targets.get(i).gradient());
            averages.add(state.expAvg.tensor());
            squares.add(state.expAvgSq.tensor());
            if (o.amsgrad && state.maxExpAvgSq != null) {
                greatest.add(state.maxExpAvgSq.tensor());
            }
            steps.add(state.step);
        }
        FUSED.call(
                parameters,
                gradients,
                averages,
                squares,
                greatest,
                steps,
                o.lr,
                o.beta1,
                o.beta2,
                o.weightDecay,
                o.eps,
                o.amsgrad,
                o.maximize,
                null,
                null);
    }

    private static void single(Tensor parameter, Tensor gradient, State state, Options o) {
        Tensor p = real(parameter);
        Tensor g = real(o.maximize ? gradient.neg() : gradient);
        Tensor m = real(state.expAvg.tensor());
        Tensor v = real(state.expAvgSq.tensor());
        double t = state.step.item();
        if (o.weightDecay != 0) {
            p.mul_(1 - o.lr * o.weightDecay);
        }
        m.lerp_(g, 1 - o.beta1);
        v.mul_(o.beta2).addcmul_(g, g, 1 - o.beta2);
        double correction1 = 1 - Math.pow(o.beta1, t);
        double correction2 = 1 - Math.pow(o.beta2, t);
        if (o.amsgrad && state.maxExpAvgSq != null) {
            Tensor greatest = real(state.maxExpAvgSq.tensor());
            v = greatest.copy_(greatest.maximum(v));
        }
        Tensor denominator = v.sqrt().div_(Math.sqrt(correction2)).add_(o.eps);
        p.addcdiv_(m, denominator, -o.lr / correction1);
    }

    /** Returns complex numbers as pairs of real numbers, over the same memory unless they are a lazy conjugate. */
    private static Tensor real(Tensor tensor) {
        return tensor.isComplex() ? tensor.resolveConj().viewAsReal() : tensor;
    }
}
