package org.jtorch.distributed;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.internal.Extent;
import org.jtorch.internal.TrustedOperators;
import org.jtorch.nn.Parameter;

/** Gradients of one dtype that are sent together, one after the other in one tensor. */
final class GradientBucket {

    /**
     * Writes the product of two tensors into a third, which may be the first. The variant for a number in place of the second would compute
     * the product in memory of its own, and copy it.
     */
    private static final Operator SCALED_COPY = TrustedOperators.find("aten::mul", "out");

    private static final System.Logger LOG = System.getLogger(GradientBucket.class.getName());

    private final List<Parameter> parameters;
    private final Tensor flat;
    private final List<Tensor> views = new ArrayList<>();
    private int missing;
    private @Nullable Work work;

    /** Creates a bucket of zeros for the gradients of parameters of one dtype. */
    GradientBucket(List<Parameter> parameters) {
        this.parameters = parameters;
        long numel = parameters.stream().mapToLong(Parameter::numel).sum();
        flat = Torch.zeros(
                        new long[] {numel}, TensorOptions.of(parameters.get(0).dtype()))
                .unscoped();
        long offset = 0;
        for (Parameter parameter : parameters) {
            views.add(flat.narrow(0, offset, parameter.numel())
                    .view(parameter.shape())
                    .unscoped());
            offset += parameter.numel();
        }
    }

    /** Returns the parameters, in the order of their gradients. */
    List<Parameter> parameters() {
        return parameters;
    }

    /** Returns the place of one gradient, which has the parameter's shape. */
    Tensor view(int index) {
        return views.get(index);
    }

    /** Begins a step in which all gradients are missing. Waits for what an unfinished step has started, which uses the memory. */
    void reset() {
        try {
            await();
        } catch (DistributedException e) {
            LOG.log(System.Logger.Level.DEBUG, "a step that was not finished has failed", e);
        }
        missing = parameters.size();
        work = null;
    }

    /**
     * Puts the gradient of a parameter into its place, multiplied by a number; zeros if the parameter has none.
     *
     * @param factor the number, a tensor of shape {@code ()}
     */
    void put(int index, Tensor factor) {
        Tensor view = views.get(index);
        Tensor grad = parameters.get(index).grad();
        if (grad == null) {
            view.zero_();
        } else {
            SCALED_COPY.call(grad.detach(), factor, view);
        }
        missing--;
    }

    /** Makes the parameter's gradient the part of this bucket that stands for it. */
    void lend(int index) {
        Parameter parameter = parameters.get(index);
        Tensor view = views.get(index);
        Tensor grad = parameter.grad();
        if (grad == null || Extent.address(grad) != Extent.address(view)) {
            parameter.setGrad(view);
        }
    }

    /** Fills the bucket with zeros, for a process that takes part without gradients. */
    void putNothing() {
        flat.zero_();
        missing = 0;
    }

    boolean isComplete() {
        return missing == 0;
    }

    boolean isStarted() {
        return work != null;
    }

    /**
     * Begins to sum the gradients of all processes.
     *
     * @param name what the processes compare, to verify that all do this now, which is needed once for each step; null for no comparison
     */
    void start(ProcessGroup group, @Nullable String name) {
        work = name != null
                ? group.allReduceNamed(flat, ReduceOp.SUM, name)
                : group.allReduceUncompared(flat, ReduceOp.SUM);
    }

    /** Waits for the sums. */
    void await() {
        Work started = work;
        if (started != null) {
            started.await();
        }
    }
}
