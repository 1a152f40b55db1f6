package org.jtorch.distributed;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.autograd.Autograd;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.Module;
import org.jtorch.nn.TensorTree;

/**
 * Trains copies of a model in several processes, each on its part of the data (PyTorch's {@code DistributedDataParallel}). Gradients are
 * averaged over the processes while the backward pass computes them, so that equal optimizers make equal steps everywhere. With batches of
 * equal size and a mean loss, a step is that of one process with the whole batch.
 *
 * <pre>{@code
 * try (ProcessGroup group = Distributed.init()) {
 *     var model = new DistributedDataParallel<>(new Mlp());
 *     var optimizer = new SGD(model.parameters(), o -> o.lr(0.1));
 *     for (Batch batch : loader) {                              // a DistributedSampler gives each process its part
 *         optimizer.zeroGrad();
 *         loss.call(model.call(batch.x()), batch.y()).backward();
 *         optimizer.step();
 *     }
 * }
 * }</pre>
 *
 * <p>At the start, the parameters and buffers of rank 0 are copied to the other processes. Buffers, such as the running statistics of batch
 * normalization, are copied again before each forward pass outside of {@link #noSync}. All processes must make the same calls: each forward
 * pass outside of {@link #noSync} is followed by one backward pass, unless no process makes one.
 *
 * <p>Clipping of gradients, gradient scaling, schedules and averaging of weights are used as with one process: all processes see the same
 * averaged gradients.
 *
 * <p>The keys of the state dict are those of the model with {@code module.} before them.
 *
 * @param <I> the type of the input
 * @param <O> the type of the output
 * @see <a href="https://arxiv.org/abs/2006.15704">PyTorch Distributed, Li and others 2020</a>
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.parallel.DistributedDataParallel.html">DistributedDataParallel</a>
 */
public final class DistributedDataParallel<I extends @Nullable Object, O extends @Nullable Object>
        extends Module<I, O> {

    /** The optional arguments of {@link DistributedDataParallel}. */
    public static final class Options {

        private @Nullable ProcessGroup processGroup;
        private double bucketCapMb = 25;
        private boolean broadcastBuffers = true;
        private boolean findUnusedParameters;
        private boolean gradientAsBucketView;
        private boolean staticGraph;

        private Options() {}

        /** Sets the group; the default is {@link Distributed#group()}. */
        public Options processGroup(ProcessGroup group) {
            processGroup = group;
            return this;
        }

        /** Sets the size in MiB from which gradients are sent; the default is 25. The first bucket has at most 1 MiB. */
        public Options bucketCapMb(double size) {
            if (!(size > 0)) {
                throw new IllegalArgumentException("bucketCapMb must be greater than 0, not " + size);
            }
            bucketCapMb = size;
            return this;
        }

        /** Sets whether buffers are copied from rank 0 before each forward pass; the default is true. */
        public Options broadcastBuffers(boolean copy) {
            broadcastBuffers = copy;
            return this;
        }

        /**
         * Sets whether parameters that a step does not use are found, by a walk through the graph in each step; the default is false.
         * Those that no process uses keep their gradient; for the others, a process without gradient contributes zeros.
         */
        public Options findUnusedParameters(boolean find) {
            findUnusedParameters = find;
            return this;
        }

        /** Sets whether gradients share the memory of what is sent, which saves a copy of all of them; the default is false. */
        public Options gradientAsBucketView(boolean share) {
            gradientAsBucketView = share;
            return this;
        }

        /** Sets whether each step uses the same parameters as the first one; unused ones are then found only once. The default is false. */
        public Options staticGraph(boolean same) {
            staticGraph = same;
            return this;
        }

        long bucketBytes() {
            return (long) (bucketCapMb * (1 << 20));
        }

        /** Returns the options that determine what the processes exchange, for comparison. */
        String exchanges() {
            return "bucketCapMb(" + bucketCapMb + ").broadcastBuffers(" + broadcastBuffers + ").findUnusedParameters("
                    + findUnusedParameters + ").staticGraph(" + staticGraph + ")";
        }

        boolean findUnusedParameters() {
            return findUnusedParameters;
        }

        boolean gradientAsBucketView() {
            return gradientAsBucketView;
        }

        boolean staticGraph() {
            return staticGraph;
        }
    }

    Module<I, O> module;

    private final ProcessGroup group;
    private final Reducer reducer;
    private final boolean broadcastBuffers;
    private boolean synchronizes = true;
    private @Nullable Join joining;

    /** Wraps a model for the group of all processes. */
    public DistributedDataParallel(Module<I, O> module) {
        this(module, o -> {});
    }

    /**
     * Wraps a model. All processes must call this constructor with a model that has the same parameters and buffers.
     *
     * @param module the model, on the CPU; it is shared, not copied
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if the models differ, with the first difference, or if no parameter requires grad
     * @throws IllegalStateException if there is no group
     */
    public DistributedDataParallel(Module<I, O> module, Consumer<Options> options) {
        Options chosen = Customized.of(new Options(), options);
        this.module = module;
        group = chosen.processGroup != null ? chosen.processGroup : Distributed.group();
        broadcastBuffers = chosen.broadcastBuffers;
        ModelCheck.check(group, module, chosen);
        reducer = new Reducer(group, module, chosen);
        copyFrom(0);
    }

    /** Returns the model. */
    public Module<I, O> module() {
        return module;
    }

    /** Returns what averages the gradients. */
    Reducer reducer() {
        return reducer;
    }

    @Override
    protected O forward(I input) {
        boolean records = Autograd.isGradEnabled() && synchronizes;
        if (records && group.isClosed()) {
            throw new IllegalStateException(
                    "the group was closed, so that gradients cannot be averaged: call the module itself to train it alone");
        }
        double divisor = group.size();
        if (joining != null) {
            divisor = joining.announce(records, synchronizes && copiesBuffers());
        } else if (synchronizes && copiesBuffers()) {
            Coalesced.broadcast(group, module.buffers(), 0);
        }
        O output = module.call(input);
        if (records) {
            List<Tensor> outputs = new ArrayList<>();
            TensorTree.forEach(output, outputs::add);
            reducer.prepare(outputs, divisor);
        } else if (Autograd.isGradEnabled()) {
            reducer.skip();
        }
        return output;
    }

    private boolean copiesBuffers() {
        return broadcastBuffers && !module.buffers().isEmpty();
    }

    /**
     * Makes passes compute gradients of this process only, until the result is closed. They are added up; the first pass after that averages
     * the sums. The forward pass decides.
     *
     * <pre>{@code
     * try (DistributedDataParallel.NoSync local = model.noSync()) {
     *     loss(model, first).backward();
     * }
     * loss(model, second).backward();       // the averages of both
     * }</pre>
     */
    public NoSync noSync() {
        boolean before = synchronizes;
        synchronizes = false;
        return () -> synchronizes = before;
    }

    /** A block without averaging; see {@link #noSync}. */
    @FunctionalInterface
    public interface NoSync extends AutoCloseable {

        @Override
        void close();
    }

    /**
     * Allows processes to have different numbers of batches, until the result is closed: those that have no more take part in the averages
     * with zeros. Averages are over all processes.
     *
     * <pre>{@code
     * try (Join join = model.join()) {
     *     for (Batch batch : loader) {
     *         // ... a step
     *     }
     * }
     * }</pre>
     */
    public Join join() {
        return join(true);
    }

    /**
     * Allows processes to have different numbers of batches, as {@link #join()}. At the end, all processes get the parameters and buffers of
     * one that made the most steps.
     *
     * @param divideByInitialWorldSize whether averages are over all processes; otherwise over those that still have batches
     * @throws IllegalStateException if the block before was not closed
     */
    public Join join(boolean divideByInitialWorldSize) {
        if (joining != null) {
            throw new IllegalStateException("a join of this model is open: close it first");
        }
        Join join = new Join(
                group,
                divideByInitialWorldSize,
                reducer::shadow,
                this::copyBuffersFrom,
                this::copyFrom,
                reducer::isUnfinished,
                () -> joining = null);
        joining = join;
        return join;
    }

    private void copyBuffersFrom(int source) {
        Coalesced.broadcast(group, module.buffers(), source);
    }

    private void copyFrom(int source) {
        List<Tensor> all = new ArrayList<>(module.parameters());
        all.addAll(module.buffers());
        Coalesced.broadcast(group, all, source);
    }
}
