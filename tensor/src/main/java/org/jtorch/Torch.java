package org.jtorch;

import java.util.Objects;
import org.bytedeco.pytorch.global.torch;
import org.jtorch.internal.engine.EngineThreads;

/** PyTorch's {@code torch} functions: factories, and every op of {@link Tensor} as a static function. */
public final class Torch extends TorchArrays {

    private Torch() {}

    /**
     * Starts the stream of random numbers that PyTorch's {@code torch.manual_seed(seed)} starts.
     *
     * @param seed any long
     */
    public static void manualSeed(long seed) {
        Ops.load();
        torch.manual_seed(seed);
    }

    /** Sets how tensors print from now on, in all threads. */
    public static void setPrintoptions(PrintOptions options) {
        PrintOptions.current = Objects.requireNonNull(options, "options");
    }

    /** How tensors print. */
    public static PrintOptions getPrintoptions() {
        return PrintOptions.current;
    }

    /**
     * Sets how many threads an operation of the calling thread may use (PyTorch's {@code torch.set_num_threads}). Threads that
     * run their first operation after this call have the same number.
     *
     * <p>The number governs both pools of the engine: libtorch's own, which has a number for each calling thread, and that of
     * OpenBLAS, which computes the matrix products and has one number for the process, the last that was set. For several
     * callers that each compute on one thread, call {@code setNumThreads(1)} before they start, or on each of them.
     *
     * @param threads at least 1; the default is the number of cores. At most 16 for each core, and 64 in any case: the engine
     *     ends the process if the system refuses it a thread
     * @throws IllegalArgumentException if {@code threads} is less than 1, or more than that
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

    /** How many threads an operation of the calling thread may use. */
    public static int getNumThreads() {
        Ops.load();
        return EngineThreads.get();
    }

    /**
     * Has operations give the same values for the same inputs each time from now on, in all threads ({@code
     * torch.use_deterministic_algorithms}); fresh memory is filled with NaN then, or with the largest integer. An operation that
     * cannot throws a {@link TorchException}.
     */
    public static void useDeterministicAlgorithms(boolean mode) {
        useDeterministicAlgorithms(mode, false);
    }

    /**
     * As {@link #useDeterministicAlgorithms(boolean)}.
     *
     * @param warnOnly whether an operation that cannot only writes a warning to the standard error
     */
    public static void useDeterministicAlgorithms(boolean mode, boolean warnOnly) {
        Ops.load();
        torch.globalContext().setDeterministicAlgorithms(mode, warnOnly);
    }

    /** Returns whether operations have to be deterministic. */
    public static boolean areDeterministicAlgorithmsEnabled() {
        Ops.load();
        return torch.globalContext().deterministicAlgorithms();
    }

    /** Returns whether an operation that is not deterministic only warns. */
    public static boolean isDeterministicAlgorithmsWarnOnlyEnabled() {
        Ops.load();
        return torch.globalContext().deterministicAlgorithmsWarnOnly();
    }
}
