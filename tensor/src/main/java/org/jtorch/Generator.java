package org.jtorch;

import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.global.torch;

/** A source of random numbers on the CPU, the same stream as PyTorch's {@code torch.Generator}. */
public final class Generator {

    private final org.bytedeco.pytorch.Generator handle;
    private final GeneratorOptional optional;

    private Generator(org.bytedeco.pytorch.Generator handle) {
        this.handle = handle;
        this.optional = new GeneratorOptional(handle);
    }

    org.bytedeco.pytorch.Generator handle() {
        return handle;
    }

    /** A new generator with PyTorch's default seed. */
    public Generator() {
        this(create());
    }

    private static org.bytedeco.pytorch.Generator create() {
        Ops.load();
        try {
            return torch.make_generator_cpu();
        } catch (RuntimeException e) {
            throw Ops.failure("Generator", e);
        }
    }

    /** The generator that ops use where none is given. */
    public static Generator defaultGenerator() {
        Ops.load();
        return new Generator(torch.getDefaultCPUGenerator());
    }

    /** Starts the stream of {@code seed}. */
    public Generator manualSeed(long seed) {
        try {
            handle.set_current_seed(seed);
        } catch (RuntimeException e) {
            throw Ops.failure("manual_seed", e);
        }
        return this;
    }

    /** The seed last set. */
    public long initialSeed() {
        return handle.current_seed();
    }

    /** The state, a uint8 tensor. */
    public Tensor getState() {
        try {
            return Ops.own(handle.get_state());
        } catch (RuntimeException e) {
            throw Ops.failure("get_state", e);
        }
    }

    /** Returns to a state that {@link #getState} gave. */
    public Generator setState(Tensor state) {
        try {
            handle.set_state(Ops.in(state));
        } catch (RuntimeException e) {
            throw Ops.failure("set_state", e);
        }
        return this;
    }

    GeneratorOptional optional() {
        return optional;
    }
}
