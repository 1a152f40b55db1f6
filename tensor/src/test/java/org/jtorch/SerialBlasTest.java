package org.jtorch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Supplier;
import org.jtorch.autograd.Autograd;
import org.jtorch.internal.engine.BlasThreads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Kernels that call OpenBLAS from several threads are not slowed down by OpenBLAS's own threads, and these are back afterwards. */
class SerialBlasTest {

    private final int before = Torch.getNumThreads();

    @BeforeEach
    void severalThreads() {
        Torch.setNumThreads(4);
    }

    @AfterEach
    void restore() {
        assertEquals(4, BlasThreads.get());
        Torch.setNumThreads(before);
    }

    private static Tensor random(long... shape) {
        return Torch.randn(shape, TensorOptions.DEFAULT.requiresGrad(true));
    }

    /** A long text: without the rule, this takes seconds on two cores, and with it some milliseconds. */
    @Test
    void attentionOverLongSequencesIsQuick() {
        Tensor q = random(1, 12, 512, 64);
        Supplier<Tensor> attention = () -> q.scaledDotProductAttention(q, q, null, 0, true, null, false);
        attention.get().sum().backward();
        long start = System.nanoTime();
        attention.get().sum().backward();
        long millis = (System.nanoTime() - start) / 1_000_000;
        assertTrue(millis < 2_000, () -> millis + " ms");
    }

    @Test
    void theBackwardPassHasOneThreadFromTheAttentionOn() {
        Tensor q = random(1, 1, 4, 8);
        int[] seen = new int[2];
        Tensor scaled = q.mul(2);
        scaled.registerHook(grad -> {
            seen[0] = BlasThreads.get(); // after the kernel
            return null;
        });
        Tensor y = scaled.scaledDotProductAttention(scaled, scaled, null, 0, false, null, false);
        Tensor loss = y.mul(3);
        loss.registerHook(grad -> {
            seen[1] = BlasThreads.get(); // before the kernel
            return null;
        });
        loss.sum().backward();
        assertEquals(List.of(1, 4), List.of(seen[0], seen[1]));
        assertEquals(4, BlasThreads.get());
    }

    @Test
    void theThreadsAreBackAfterAnError() {
        Tensor q = random(1, 1, 4, 8);
        Tensor y = q.scaledDotProductAttention(q, q, null, 0, false, null, false);
        q.registerHook(grad -> {
            throw new IllegalStateException("no");
        });
        assertThrows(TorchException.class, () -> y.sum().backward());
        assertEquals(4, BlasThreads.get());
        Operator attention = Operator.find("aten::scaled_dot_product_attention", "");
        assertThrows(
                TorchException.class,
                () -> attention.call(q, Torch.ones(1, 1, 4, 9), q, null, 0.0, false, null, false));
        assertEquals(4, BlasThreads.get());
    }

    @Test
    void gradientsThatAreReturnedEndItToo() {
        Tensor q = random(1, 1, 4, 8);
        Tensor y = q.scaledDotProductAttention(q, q, null, 0, false, null, false);
        assertEquals(1, Autograd.grad(List.of(y.sum()), List.of(q)).size());
        assertEquals(4, BlasThreads.get());
    }
}
