package org.jtorch;

import java.util.Objects;
import org.bytedeco.pytorch.global.torch;

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

    /** Sets how many threads an op may use. */
    public static void setNumThreads(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("the number of threads is " + threads + ", but must be at least 1");
        }
        Ops.load();
        torch.set_num_threads(threads);
    }

    /** How many threads an op may use. */
    public static int getNumThreads() {
        Ops.load();
        return torch.get_num_threads();
    }
}
