package org.jtorch.internal.engine;

import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Kernels that call OpenBLAS from several of libtorch's threads at once: attention, and convolutions that oneDNN does not compute. If
 * OpenBLAS used threads of its own for each of these calls, they would wait for each other, and an operation would take up to a hundred
 * times as long. So OpenBLAS has one thread while such a kernel runs. The number belongs to the process, so that other threads which
 * multiply matrices meanwhile use one thread too.
 */
public final class SerialBlas {

    private static final boolean ON = ProcessSettings.makesBlasSerial();

    /** Reached in a backward pass before the kernel of an operation runs. It stays registered, so that it is never freed. */
    private static final GradCallback BACKWARD = new GradCallback() {
        @Override
        protected @Nullable Tensor onGrad(Tensor grad) {
            grad.close();
            Backward.makeBlasSerial();
            return null;
        }
    };

    private SerialBlas() {}

    /**
     * Runs a kernel. If autograd recorded it, OpenBLAS has one thread in the backward pass too, from this operation on.
     *
     * @return the result of the kernel, which the caller owns
     */
    public static Tensor run(Supplier<Tensor> kernel) {
        Tensor result = during(kernel);
        watch(result);
        return result;
    }

    /** Runs work that contains such a kernel, and returns its result. */
    public static <T extends @Nullable Object> T during(Supplier<T> work) {
        if (!ON) {
            return work.get();
        }
        EngineThreads.beginSerialBlas();
        try {
            return work.get();
        } finally {
            EngineThreads.endSerialBlas();
        }
    }

    /** Makes OpenBLAS have one thread in backward passes, from the operation on that computed {@code result}. */
    public static void watch(Tensor result) {
        if (ON && result.requires_grad() && !result.is_leaf()) {
            result.register_hook(BACKWARD);
        }
    }
}
