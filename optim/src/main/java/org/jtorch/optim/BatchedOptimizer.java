package org.jtorch.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jtorch.TorchException;
import org.jtorch.internal.OneThread;
import org.jtorch.internal.Versions;
import org.jtorch.optim.options.Differentiable;
import org.jtorch.optim.options.Eps;
import org.jtorch.optim.options.Foreach;
import org.jtorch.optim.options.Fused;
import org.jtorch.optim.options.OptimizerOptions;
import org.jtorch.optim.options.WeightDecay;

/**
 * An optimizer whose algorithm is written once for any number of tensors. This class decides which parameters are changed by one
 * fused kernel, which by operators on lists of tensors, and which one by one.
 *
 * @param <O> the options
 */
abstract class BatchedOptimizer<O extends OptimizerOptions<O>> extends Optimizer<O> {

    /** The name of the number of steps in the state. */
    static final String STEP = "step";

    /**
     * The greatest number of elements of a small parameter. Such parameters are changed together, on one thread if there is a fused
     * kernel. A larger one is faster by itself unless the option {@code foreach} is true: then its elements are still in the cache for
     * the next operator.
     */
    private static final long SMALL = 1 << 15;

    /**
     * A number beyond which the plain operators are used. They refuse a number that the dtype cannot hold, whereas a fused kernel
     * computes infinities from it.
     */
    private static final double HUGE = 1e30;

    BatchedOptimizer(Supplier<O> newOptions, Consumer<? super O> defaults, List<Params<O>> groups) {
        super(newOptions, defaults, groups);
    }

    /** Changes parameters with operators. */
    abstract void update(Batch batch, O options);

    /** Changes a parameter whose gradient is sparse. Only for optimizers whose {@link #check} allows that. */
    void updateSparse(Slot slot, O options) {
        throw new TorchException(name() + " does not support sparse gradients");
    }

    /** Returns whether the parameter may be passed to {@link #fused} if {@link FusedGuard} accepts it. */
    boolean fuses(Slot slot, O options) {
        return false;
    }

    /** Changes parameters with the fused kernel, which does not check its arguments: {@link FusedGuard} has. */
    void fused(List<Slot> slots, O options) {
        throw new AssertionError("no fused kernel");
    }

    @Override
    protected final void update(Slot slot, O options) {
        update(List.of(slot), options);
    }

    @Override
    protected final void update(List<Slot> slots, O options) {
        if (options instanceof Differentiable<?> o && o.differentiable()) {
            slots.forEach(slot -> update(List.of(slot), Tensors.Way.RECORDED, options));
            return;
        }
        Boolean fused = options instanceof Fused<?> o ? o.fused() : Boolean.FALSE;
        Boolean foreach = options instanceof Foreach<?> o ? o.foreach() : Boolean.FALSE;
        boolean mayFuse = !Boolean.FALSE.equals(fused) && !Boolean.TRUE.equals(foreach) && !hasHugeNumber(options);
        List<Slot> fusable = new ArrayList<>();
        List<Slot> listed = new ArrayList<>();
        List<Slot> others = new ArrayList<>();
        FusedGuard guard = FusedGuard.of(slots);
        for (int i = 0; i < slots.size(); i++) {
            Slot slot = slots.get(i);
            if (slot.isSparse()) {
                others.add(slot);
            } else if (mayFuse && fuses(slot, options) && guard.fits(i)) {
                fusable.add(slot);
            } else if (!Boolean.FALSE.equals(foreach) && !guard.sharesMemory(i) && (foreach != null || isSmall(slot))) {
                listed.add(slot);
            } else {
                others.add(slot);
            }
        }
        fusable.forEach(slot -> Versions.bump(slot.parameter())); // the kernels do not count that they change it
        for (List<Slot> together : FusedGuard.byDtype(fusable)) {
            fusedBySize(together, options);
        }
        if (!listed.isEmpty()) {
            update(listed, listed.size() == 1 ? Tensors.Way.EACH : Tensors.Way.TOGETHER, options);
        }
        for (Slot slot : others) {
            if (slot.isSparse()) {
                updateSparse(slot, options);
            } else {
                update(List.of(slot), Tensors.Way.EACH, options);
            }
        }
    }

    /** The fused kernels start the engine's threads for each parameter, which takes longer than to change a small one. */
    private void fusedBySize(List<Slot> slots, O options) {
        List<Slot> small = new ArrayList<>(slots.size());
        List<Slot> large = new ArrayList<>();
        slots.forEach(slot -> (isSmall(slot) ? small : large).add(slot));
        if (!small.isEmpty()) {
            OneThread.run(() -> fused(small, options));
        }
        if (!large.isEmpty()) {
            fused(large, options);
        }
    }

    private static boolean hasHugeNumber(OptimizerOptions<?> options) {
        return Math.abs(options.lr()) > HUGE
                || options instanceof WeightDecay<?> w && w.weightDecay() > HUGE
                || options instanceof Eps<?> e && e.eps() > HUGE;
    }

    private void update(List<Slot> slots, Tensors.Way way, O options) {
        try (Batch batch = new Batch(slots, way)) {
            update(batch, options);
        }
    }

    private static boolean isSmall(Slot slot) {
        return slot.operand().extent().numel() <= SMALL;
    }
}
