package org.jtorch.optim;

import static org.jtorch.optim.Batch.map;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.internal.TrustedOperators;

/** The algorithm of {@link Adam} and {@link AdamW}, which differ in their defaults and in where the weight decay is added. */
abstract class AdamBase<O extends AdamOptions<O>> extends BatchedOptimizer<O> {

    private static final String EXP_AVG = "exp_avg";
    private static final String EXP_AVG_SQ = "exp_avg_sq";
    private static final String MAX_EXP_AVG_SQ = "max_exp_avg_sq";

    /** Called only with parameters that {@link FusedGuard} accepts. */
    private static final Operator FUSED_ADAM = TrustedOperators.findUnguarded("aten::_fused_adam_", "");

    private static final Operator FUSED_ADAMW = TrustedOperators.findUnguarded("aten::_fused_adamw_", "");

    AdamBase(Supplier<O> newOptions, Consumer<? super O> options, List<Params<O>> groups) {
        super(newOptions, options, groups);
    }

    @Override
    protected void initialize(State state, Tensor parameter, O o) {
        state.number(STEP, 0);
        state.zerosLike(EXP_AVG);
        state.zerosLike(EXP_AVG_SQ);
        if (o.amsgrad()) {
            state.zerosLike(MAX_EXP_AVG_SQ);
        } else {
            state.optional(MAX_EXP_AVG_SQ);
        }
    }

    @Override
    void update(Batch batch, O o) {
        Tensors p = batch.parameters();
        Tensors g = batch.gradients(o.maximize());
        Tensors m = batch.state(EXP_AVG);
        Tensors v = batch.state(EXP_AVG_SQ);
        double[] t = batch.nextSteps();
        if (o.weightDecay() != 0) {
            if (o.decoupledWeightDecay()) {
                p.mul_(1 - o.lr() * o.weightDecay());
            } else {
                g = g.add(p, o.weightDecay());
            }
        }
        m.lerp_(g, 1 - o.beta1());
        v.mul_(o.beta2()).addcmul_(g, g, 1 - o.beta2());
        if (o.amsgrad()) {
            v = batch.state(MAX_EXP_AVG_SQ).maximum_(v);
        }
        double[] stepSizes = map(t, step -> -o.lr() / (1 - Math.pow(o.beta1(), step)));
        double[] corrections = map(t, step -> Math.sqrt(1 - Math.pow(o.beta2(), step)));
        Tensors denominator = v.sqrt().div_(corrections).add_(o.eps());
        p.addcdiv_(m, denominator, stepSizes);
    }

    @Override
    boolean fuses(Slot slot, O o) {
        return true;
    }

    @Override
    void fused(List<Slot> slots, O o) {
        List<Tensor> parameters = new ArrayList<>(slots.size());
        List<Tensor> gradients = new ArrayList<>(slots.size());
        List<Tensor> averages = new ArrayList<>(slots.size());
        List<Tensor> squares = new ArrayList<>(slots.size());
        List<Tensor> greatest = new ArrayList<>();
        for (Slot slot : slots) {
            State state = slot.state();
            parameters.add(slot.parameter());
            gradients.add(slot.grad());
            averages.add(state.tensor(EXP_AVG));
            squares.add(state.tensor(EXP_AVG_SQ));
            if (o.amsgrad()) {
                greatest.add(state.tensor(MAX_EXP_AVG_SQ));
            }
        }
        (o.decoupledWeightDecay() ? FUSED_ADAMW : FUSED_ADAM)
                .call(
                        parameters,
                        gradients,
                        averages,
                        squares,
                        greatest,
                        new Batch(slots, Tensors.Way.TOGETHER).nextStepTensors(),
                        o.lr(),
                        o.beta1(),
                        o.beta2(),
                        o.weightDecay(),
                        o.eps(),
                        o.amsgrad(),
                        o.maximize(),
                        null,
                        null);
    }
}
