package org.jtorch.nn;

import java.util.function.Consumer;
import org.jtorch.StandIn;
import org.jtorch.Substitution;
import org.jtorch.Tensor;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.internal.options.Customized;

/**
 * A tensor that a module keeps but does not learn, such as running statistics or a table of positions: PyTorch's
 * {@code torch.nn.Buffer}. A field of this type is part of {@link Module#buffers()} and moves with the module. It is part of
 * the state dict unless {@link Options#persistent persistent} is false.
 *
 * <pre>{@code
 * final class Average extends Module<Tensor, Tensor> {
 *     Buffer mean = new Buffer(Torch.zeros(1));
 *     Buffer last = new Buffer(Torch.zeros(1), o -> o.persistent(false));
 *
 *     @Override protected Tensor forward(Tensor x) {           // any shape to the same
 *         last.set(x.mean());
 *         mean.set(mean.mul(0.9).add(last, 0.1));              // self.mean = self.mean * 0.9 + self.last * 0.1
 *         return x.sub(mean);
 *     }
 * }
 * }</pre>
 *
 * <p>The object is the buffer's identity: moving or converting a module, loading a state dict, and {@link #set} replace what
 * the buffer holds and keep the object. A buffer belongs to no {@code TensorScope}, so its memory lives as long as the module.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.nn.parameter.Buffer.html">torch.nn.Buffer</a>
 */
public sealed class Buffer extends Tensor permits UninitializedBuffer, DerivedBuffer {

    /** The optional arguments of a buffer. */
    public static final class Options {
        private boolean persistent = true;

        private Options() {}

        /** Sets whether the buffer is part of the state dict; the default is {@code true}. */
        public Options persistent(boolean newPersistent) {
            persistent = newPersistent;
            return this;
        }

        static boolean persistent(Consumer<Options> options) {
            Options set = Customized.of(new Options(), options);
            return set.persistent;
        }
    }

    private final boolean persistent;

    /** Creates a persistent buffer over the memory of {@code data}. */
    public Buffer(Tensor data) {
        this(data, o -> {});
    }

    /**
     * Creates a buffer over the memory of {@code data}. The buffer requires grad if {@code data} does, as in PyTorch.
     *
     * @param data the values, which are shared, or copied if they were made in inference mode; the buffer is detached from
     *     their graph
     * @param options sets the optional arguments
     */
    public Buffer(Tensor data, Consumer<Options> options) {
        this(lasting(data), data.requiresGrad(), Options.persistent(options));
    }

    Buffer(Tensor data, boolean requiresGrad, boolean persistent) {
        super(data, requiresGrad);
        this.persistent = persistent;
    }

    /** Creates a parameter that holds nothing itself. */
    Buffer(StandIn standIn, boolean persistent) {
        super(standIn);
        this.persistent = persistent;
    }

    /** Returns whether the buffer is part of the state dict. */
    public final boolean isPersistent() {
        return persistent;
    }

    /**
     * Sets the value of this buffer, as an assignment does in Python: {@code running.set(running.mul(0.9).add(x))}. The value
     * outlives every {@code TensorScope} and {@link Module#infer}. During a {@link Functional} call that replaces this buffer,
     * the value holds for the rest of that call on its thread.
     *
     * @param value the value, of any shape, dtype and device. Its memory is shared. A value made in inference mode is copied
     *     instead, so that it can be used in training later. The buffer is detached from its graph
     * @return this buffer
     * @throws IllegalStateException if a parametrization computes this buffer
     */
    public final Buffer set(Tensor value) {
        Tensor lasting = lasting(value);
        try {
            Substitution.setData(this, value, lasting);
        } finally {
            if (lasting != value) {
                lasting.close(); // The buffer owns its memory now.
            }
        }
        if (isUninitialized()) {
            setUninitialized(false);
        }
        return this;
    }

    /**
     * Does what {@link #setData} does, even if an operation in place has made this buffer part of a graph. The buffer leaves
     * that graph.
     */
    final void hold(Tensor data) {
        if (!isLeaf()) {
            detach_();
        }
        setData(data);
    }

    @Override
    public Buffer requiresGrad_(boolean requiresGrad) {
        super.requiresGrad_(requiresGrad);
        return this;
    }

    /** Returns {@code data}, or a copy that autograd can use if it was made in inference mode. */
    private static Tensor lasting(Tensor data) {
        if (data.isUninitialized() || !data.isInference()) {
            return data;
        }
        try (GradMode normal = Autograd.inferenceMode(false);
                GradMode mode = Autograd.noGrad()) {
            return data.clone();
        }
    }
}
