package org.jtorch.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jtorch.Layout;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.internal.TrustedOperators;
import org.jtorch.optim.options.Differentiable;
import org.jtorch.optim.options.Foreach;
import org.jtorch.optim.options.Fused;
import org.jtorch.optim.options.Maximize;
import org.jtorch.optim.options.OptimizerOptions;
import org.jtorch.optim.options.WeightDecay;

/**
 * Stochastic gradient descent, optionally with momentum.
 *
 * <pre>
 * g = g + weight_decay p
 * b = momentum b + (1 - dampening) g        (b = g at the first step)
 * p = p - lr b                              (p - lr (g + momentum b) with nesterov)
 * </pre>
 *
 * <p>Sparse gradients are supported without weight decay. The fused kernel is used for large parameters, and for all if the
 * option {@code fused} is true.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.SGD.html">torch.optim.SGD</a>
 */
public final class SGD extends BatchedOptimizer<SGD.Options> {

    /** The optional arguments of {@link SGD}: lr 1e-3, everything else 0 or false. */
    public static final class Options extends OptimizerOptions<Options>
            implements WeightDecay<Options>,
                    Maximize<Options>,
                    Foreach<Options>,
                    Differentiable<Options>,
                    Fused<Options> {

        /** Creates the default options. */
        public Options() {
            super(1e-3);
            declareNumber("momentum", 0, "Invalid momentum value", momentum -> momentum >= 0);
            declareNumber("dampening", 0);
            declareWeightDecay(0);
            declareFlag("nesterov", false);
            declareFlag("maximize", false);
            declareOptionalFlag("foreach");
            declareFlag("differentiable", false);
            declareOptionalFlag("fused");
        }

        /** Sets the momentum, the factor of the previous step; the default is 0. */
        public Options momentum(double momentum) {
            return set("momentum", momentum);
        }

        /** Returns the momentum. */
        public double momentum() {
            return number("momentum");
        }

        /** Sets the dampening, by which the gradient's part of the momentum is reduced; the default is 0. */
        public Options dampening(double dampening) {
            return set("dampening", dampening);
        }

        /** Returns the dampening. */
        public double dampening() {
            return number("dampening");
        }

        /** Sets whether to use Nesterov momentum, which needs a momentum and no dampening; the default is false. */
        public Options nesterov(boolean nesterov) {
            return set("nesterov", nesterov);
        }

        /** Returns whether Nesterov momentum is used. */
        public boolean nesterov() {
            return flag("nesterov");
        }

        @Override
        protected void validate() {
            if (nesterov() && (momentum() <= 0 || dampening() != 0)) {
                throw new IllegalArgumentException("Nesterov momentum requires a momentum and zero dampening");
            }
            FusedOptions.check(this);
        }
    }

    private static final String MOMENTUM_BUFFER = "momentum_buffer";

    /** Called only with parameters that {@link FusedGuard} accepts. */
    private static final Operator FUSED = TrustedOperators.findUnguarded("aten::_fused_sgd_", "");

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
        this(options, List.of(Params.of(parameters)));
    }

    /**
     * Creates gradient descent over several groups, or over named parameters.
     *
     * @param options sets the optional arguments that the groups share
     * @param groups the parameters, with the arguments in which they differ
     */
    public SGD(Consumer<Options> options, List<Params<Options>> groups) {
        super(Options::new, options, groups);
    }

    @Override
    protected void initialize(State state, Tensor parameter, Options o) {
        state.optional(MOMENTUM_BUFFER);
    }

    @Override
    boolean needsParametersDtype() {
        return false;
    }

    @Override
    protected void check(Slot slot, Options o) {
        if (slot.isSparse() && o.weightDecay() != 0) {
            throw new TorchException("SGD with weight decay does not support sparse gradients (add(sparse, dense) is"
                    + " not supported): set weightDecay(0), or make the gradient dense");
        }
        if (o.momentum() != 0 && slot.state().has(MOMENTUM_BUFFER)) {
            boolean sparseBuffer = slot.state().kept(MOMENTUM_BUFFER).kind().layout() == Layout.SPARSE_COO;
            if (slot.isSparse() != sparseBuffer && (sparseBuffer || o.nesterov())) {
                throw new TorchException("the momentum of SGD is " + (sparseBuffer ? "sparse" : "dense")
                        + " and a gradient is " + (sparseBuffer ? "dense" : "sparse")
                        + " (add(sparse, dense) is not supported): all gradients must have the same layout");
            }
        }
    }

    @Override
    void update(Batch batch, Options o) {
        Tensors p = batch.parameters();
        Tensors g = batch.gradients(o.maximize());
        if (o.weightDecay() != 0) {
            g = g.add(p, o.weightDecay());
        }
        if (o.momentum() == 0) {
            p.add_(g, -o.lr());
            return;
        }
        Tensors b = nextBuffers(batch, g, o);
        p.add_(o.nesterov() ? g.add(b, o.momentum()) : b, -o.lr());
    }

    /** The first step of a parameter sets its buffer to the gradient; the others change their buffer. */
    private static Tensors nextBuffers(Batch batch, Tensors g, Options o) {
        if (batch.slots().stream().allMatch(slot -> slot.state().has(MOMENTUM_BUFFER))) {
            return batch.state(MOMENTUM_BUFFER).mul_(o.momentum()).add_(g, 1 - o.dampening());
        }
        List<Slot> later = new ArrayList<>();
        List<Tensor> gradients = new ArrayList<>();
        for (int i = 0; i < batch.slots().size(); i++) {
            Slot slot = batch.slots().get(i);
            if (slot.state().has(MOMENTUM_BUFFER)) {
                later.add(slot);
                gradients.add(g.get(i));
            } else {
                Tensor first = g.get(i).detach().clone(); // detached in PyTorch too
                slot.state().set(MOMENTUM_BUFFER, slot.parameter().isComplex() ? first.viewAsComplex() : first);
            }
        }
        if (!later.isEmpty()) {
            batch.of(later).state(MOMENTUM_BUFFER).mul_(o.momentum()).add_(g.of(gradients), 1 - o.dampening());
        }
        return batch.state(MOMENTUM_BUFFER);
    }

    @Override
    void updateSparse(Slot slot, Options o) {
        update(new Batch(List.of(slot), Tensors.Way.EACH), o);
    }

    @Override
    boolean fuses(Slot slot, Options o) {
        return o.momentum() == 0 || slot.state().has(MOMENTUM_BUFFER);
    }

    @Override
    void fused(List<Slot> slots, Options o) {
        List<Tensor> parameters = new ArrayList<>(slots.size());
        List<Tensor> gradients = new ArrayList<>(slots.size());
        List<Tensor> buffers = new ArrayList<>();
        for (Slot slot : slots) {
            parameters.add(slot.parameter());
            gradients.add(slot.grad());
            if (o.momentum() != 0) {
                buffers.add(slot.state().tensor(MOMENTUM_BUFFER));
            }
        }
        FUSED.call(
                parameters,
                gradients,
                buffers,
                o.weightDecay(),
                o.momentum(),
                o.lr(),
                o.dampening(),
                o.nesterov(),
                o.maximize(),
                false,
                null,
                null);
    }
}
