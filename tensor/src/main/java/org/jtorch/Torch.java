package org.jtorch;

import java.util.Objects;
import org.bytedeco.pytorch.global.torch;
import org.jtorch.internal.engine.EngineThreads;

/** PyTorch's {@code torch} functions: factories, and the operations of {@link Tensor} as static methods. */
public final class Torch extends TorchArrays {

    private Torch() {}

    /**
     * Sets the seed of the random numbers, as PyTorch's {@code torch.manual_seed(seed)}. The same seed gives the same
     * numbers as in PyTorch.
     *
     * @param seed any long
     */
    public static void manualSeed(long seed) {
        Ops.load();
        torch.manual_seed(seed);
    }

    /** Sets the format in which all threads print tensors from now on. */
    public static void setPrintoptions(PrintOptions options) {
        PrintOptions.current = Objects.requireNonNull(options, "options");
    }

    /** Returns the format in which tensors are printed. */
    public static PrintOptions getPrintoptions() {
        return PrintOptions.current;
    }

    /**
     * Sets the number of threads that an operation of the calling thread may use (PyTorch's {@code torch.set_num_threads}).
     * Threads that run their first operation after this call use the same number.
     *
     * <p>The number applies to both thread pools of the engine. The pool of libtorch has a number for each calling thread.
     * The pool of OpenBLAS, which computes the matrix products, has one number for the process, the last one that was set.
     * Inference of several threads at the same time shares the cores, so that an operation may use fewer threads than this number,
     * but never more.
     *
     * @param threads at least 1, and at most 16 for each core or 64, whichever is greater: the engine ends the process if
     *     the system refuses to create a thread. The default is the number of physical cores
     * @throws IllegalArgumentException if {@code threads} is out of this range
     */
    public static void setNumThreads(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("the number of threads is " + threads + ", but must be at least 1");
        }
        int most = Math.max(64, 16 * Runtime.getRuntime().availableProcessors());
        if (threads > most) {
            throw new IllegalArgumentException("the number of threads is " + threads + ", but must be at most " + most);
        }
        EngineThreads.set(threads);
    }

    /** Returns the number of threads that an operation of the calling thread may use. */
    public static int getNumThreads() {
        Ops.load();
        return EngineThreads.get();
    }

    /**
     * Sets whether operations must give the same results for the same inputs, from now on and in all threads ({@code
     * torch.use_deterministic_algorithms}). The default is false. In this mode new memory is filled with NaN or with the
     * greatest integer, and an operation without a deterministic algorithm throws a {@link TorchException}.
     */
    public static void useDeterministicAlgorithms(boolean mode) {
        useDeterministicAlgorithms(mode, false);
    }

    /**
     * Sets whether operations must give the same results for the same inputs, as {@link
     * #useDeterministicAlgorithms(boolean)}.
     *
     * @param warnOnly whether an operation without a deterministic algorithm writes a warning to the standard error instead
     *     of throwing
     */
    public static void useDeterministicAlgorithms(boolean mode, boolean warnOnly) {
        Ops.load();
        torch.globalContext().setDeterministicAlgorithms(mode, warnOnly);
    }

    /** Returns whether operations must be deterministic. */
    public static boolean areDeterministicAlgorithmsEnabled() {
        Ops.load();
        return torch.globalContext().deterministicAlgorithms();
    }

    /** Returns whether an operation without a deterministic algorithm only writes a warning. */
    public static boolean isDeterministicAlgorithmsWarnOnlyEnabled() {
        Ops.load();
        return torch.globalContext().deterministicAlgorithmsWarnOnly();
    }
}
