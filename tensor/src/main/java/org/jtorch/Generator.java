package org.jtorch;

import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.global.torch;

/** A source of random numbers on the CPU. It gives the same numbers as PyTorch's {@code torch.Generator} with the same seed. */
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

    /** Creates a generator with PyTorch's default seed. */
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

    /** Returns the generator that operations use if none is given. */
    public static Generator defaultGenerator() {
        Ops.load();
        return new Generator(torch.getDefaultCPUGenerator());
    }

    /** Sets the seed and returns this generator. */
    public Generator manualSeed(long seed) {
        try {
            handle.set_current_seed(seed);
        } catch (RuntimeException e) {
            throw Ops.failure("manual_seed", e);
        }
        return this;
    }

    /** Returns the seed that was set last. */
    public long initialSeed() {
        return handle.current_seed();
    }

    /** Returns the state as a uint8 tensor. */
    public Tensor getState() {
        try {
            return Ops.own(handle.get_state());
        } catch (RuntimeException e) {
            throw Ops.failure("get_state", e);
        }
    }

    /** Restores a state that {@link #getState} returned, and returns this generator. */
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
