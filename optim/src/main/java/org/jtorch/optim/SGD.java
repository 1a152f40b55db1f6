package org.jtorch.optim;

import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.internal.options.Customized;

/**
 * Stochastic gradient descent, optionally with momentum.
 *
 * <pre>
 * g = g + weight_decay p
 * b = momentum b + (1 - dampening) g        (b = g at the first step)
 * p = p - lr b                              (p - lr (g + momentum b) with nesterov)
 * </pre>
 *
 * <p>Sparse gradients are supported without weight decay.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.SGD.html">torch.optim.SGD</a>
 */
public final class SGD extends Optimizer<SGD.Options> {

    /** The optional arguments of {@link SGD}. */
    public static final class Options {
        private double lr = 1e-3;
        private double momentum;
        private double dampening;
        private double weightDecay;
        private boolean nesterov;
        private boolean maximize;

        /** Sets the learning rate; the default is 1e-3. */
        public Options lr(double newLr) {
            lr = check("learning rate", newLr, newLr >= 0);
            return this;
        }

        /** Returns the learning rate. */
        public double lr() {
            return lr;
        }

        /** Sets the momentum, the factor of the previous step; the default is 0. */
        public Options momentum(double newMomentum) {
            momentum = check("momentum value", newMomentum, newMomentum >= 0);
            return this;
        }

        /** Sets the dampening, by which the gradient's part of the momentum is reduced; the default is 0. */
        public Options dampening(double newDampening) {
            dampening = newDampening;
            return this;
        }

        /** Sets the weight decay (L2 penalty); the default is 0. */
        public Options weightDecay(double newWeightDecay) {
            weightDecay = check("weight_decay value", newWeightDecay, newWeightDecay >= 0);
            return this;
        }

        /** Sets whether to use Nesterov momentum; the default is false. */
        public Options nesterov(boolean newNesterov) {
            nesterov = newNesterov;
            return this;
        }

        /** Sets whether to maximize the objective instead of minimizing it; the default is false. */
        public Options maximize(boolean newMaximize) {
            maximize = newMaximize;
            return this;
        }
    }

    private static final String MOMENTUM_BUFFER = "momentum_buffer";

    private final Map<Tensor, Kept> momentumBuffers = new IdentityHashMap<>();

    /** Creates gradient descent with the default options. */
    public SGD(List<? extends Tensor> parameters) {
        this(parameters, o -> {});
    }

    /**
     * Creates gradient descent over one group.
     *
     * @param parameters the parameters to optimize
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if nesterov is true without momentum or with dampening
     */
    public SGD(List<? extends Tensor> parameters, Consumer<Options> options) {
        super(List.of(new Group<>(parameters, customized(options))));
    }

    private static Options customized(Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        if (o.nesterov && (o.momentum <= 0 || o.dampening != 0)) {
            throw new IllegalArgumentException("Nesterov momentum requires a momentum and zero dampening");
        }
        return o;
    }

    @Override
    Map<String, @Nullable Object> options(Options o) {
        Map<String, @Nullable Object> options = new LinkedHashMap<>();
        options.put("lr", o.lr);
        options.put("momentum", o.momentum);
        options.put("dampening", o.dampening);
        options.put("weight_decay", o.weightDecay);
        options.put("nesterov", o.nesterov);
        options.put("maximize", o.maximize);
        options.put("foreach", null);
        options.put("differentiable", false);
        options.put("fused", null);
        return options;
    }

    @Override
    Runnable read(Options o, Map<String, @Nullable Object> saved) {
        double lr = OptimizerState.number(saved, "lr");
        double momentum = OptimizerState.number(saved, "momentum");
        double dampening = OptimizerState.number(saved, "dampening");
        double weightDecay = OptimizerState.number(saved, "weight_decay");
        boolean nesterov = OptimizerState.truth(saved, "nesterov");
        boolean maximize = OptimizerState.truth(saved, "maximize");
        return () -> o.lr(lr)
                .momentum(momentum)
                .dampening(dampening)
                .weightDecay(weightDecay)
                .nesterov(nesterov)
                .maximize(maximize);
    }

    @Override
    Map<String, Object> state(Tensor parameter) {
        Kept buffer = momentumBuffers.get(parameter);
        return buffer == null ? Map.of() : Map.of(MOMENTUM_BUFFER, buffer.tensor());
    }

    @Override
    Runnable readState(String name, Tensor parameter, Map<String, Tensor> values) {
        if (!values.containsKey(MOMENTUM_BUFFER)) {
            return () -> momentumBuffers.remove(parameter);
        }
        Kept buffer = new Kept(OptimizerState.sizedAsParameter(name, parameter, values, MOMENTUM_BUFFER));
        return () -> momentumBuffers.put(parameter, buffer);
    }

    @Override
    Runnable prepare(List<Target> targets, Options o) {
        for (Target target : targets) {
            if (target.isSparse() && o.weightDecay != 0) {
                throw new TorchException(
                        "SGD with weight decay does not support sparse gradients (add(sparse, dense) is"
                                + " not supported): set weightDecay(0), or make the gradient dense");
            }
            Kept kept = momentumBuffers.get(target.parameter());
            if (kept != null && o.momentum != 0) {
                Operand buffer = Operand.of(kept);
                target.checkState(MOMENTUM_BUFFER, buffer, false);
                boolean sparseBuffer = buffer.kind().layout() == Layout.SPARSE_COO;
                if (target.isSparse() != sparseBuffer && (sparseBuffer || o.nesterov)) {
                    throw new TorchException("the momentum of SGD is " + (sparseBuffer ? "sparse" : "dense")
                            + " and a gradient is " + (sparseBuffer ? "dense" : "sparse")
                            + " (add(sparse, dense) is not supported): all gradients must have the same layout");
                }
            }
        }
        return () -> targets.forEach(target -> change(target.parameter(), target.gradient(), o));
    }

    private void change(Tensor parameter, Tensor gradient, Options o) {
        Tensor g = o.maximize ? gradient.neg() : gradient;
        if (o.weightDecay != 0) {
            g = g.add(parameter, o.weightDecay);
        }
        if (o.momentum != 0) {
            Kept kept = momentumBuffers.get(parameter);
            Tensor buffer = kept == null ? g.clone().detach_().unscoped() : kept.tensor();
            if (kept == null) {
                momentumBuffers.put(parameter, new Kept(buffer));
            } else {
                buffer.mul_(o.momentum).add_(g, 1 - o.dampening);
            }
            g = o.nesterov ? g.add(buffer, o.momentum) : buffer;
        }
        parameter.add_(g, -o.lr);
    }
}
