package org.jtorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.junit.jupiter.api.Test;

/** {@link Tensor#setData} between the forward and the backward pass. {@code ConversionGradTest} covers whole modules. */
class RetiredLeavesTest {

    private static Tensor leaf() {
        return Torch.ones(new long[] {2}, TensorOptions.DEFAULT.requiresGrad(true));
    }

    private static Tensor of(double value) {
        return Torch.full(new long[] {2}, value);
    }

    @Test
    void theGradientComesToTheObject() {
        Tensor w = leaf();
        Tensor y = w.mul(of(3.0)).sum();
        w.setData(of(7.0));
        y.backward();
        assertArrayEquals(new float[] {3, 3}, w.grad().toFloatArray());
        assertEquals(14, w.sum().item());
    }

    @Test
    void aGradientThatWasThereStays() {
        Tensor w = leaf();
        w.setGrad(of(5.0));
        w.setData(of(7.0));
        assertArrayEquals(new float[] {5, 5}, w.grad().toFloatArray());
    }

    @Test
    void severalGraphsOfSeveralValues() {
        Tensor w = leaf();
        Tensor first = w.mul(of(1.0)).sum();
        w.setData(of(7.0));
        Tensor second = w.mul(of(10.0)).sum();
        w.setData(of(8.0));
        Tensor third = w.mul(of(100.0)).sum();
        third.backward();
        first.backward();
        second.backward();
        assertArrayEquals(new float[] {111, 111}, w.grad().toFloatArray());
        w.setGrad(null);
        assertNull(w.grad());
    }

    @Test
    void aKeptGraphBringsItAgain() {
        Tensor w = leaf();
        Tensor y = w.mul(of(3.0)).sum();
        w.setData(of(7.0));
        y.backward(null, true, false);
        assertArrayEquals(new float[] {3, 3}, w.grad().toFloatArray());
        y.backward();
        assertArrayEquals(new float[] {6, 6}, w.grad().toFloatArray());
    }

    @Test
    void inInferenceModeToo() {
        Tensor w = leaf();
        Tensor y = w.mul(of(3.0)).sum();
        Tensor other = of(7.0);
        try (GradMode mode = Autograd.inferenceMode()) {
            w.setData(other);
        }
        y.backward();
        assertArrayEquals(new float[] {3, 3}, w.grad().toFloatArray());
    }

    @Test
    void whatNoGraphKnowsIsNotRemembered() {
        int before = RetiredLeaves.count();
        Tensor w = leaf();
        w.setData(of(7.0));
        assertEquals(before, RetiredLeaves.count());
        try (TensorScope scope = new TensorScope()) {
            Tensor y = w.mul(of(3.0)).sum();
            w.setData(of(8.0));
            assertEquals(before + 1, RetiredLeaves.count());
            assertTrue(y.requiresGrad());
        }
        assertEquals(before, RetiredLeaves.count(), "the graph is gone without a backward");
        Tensor grad;
        try (TensorScope scope = new TensorScope()) {
            Tensor y = w.mul(of(3.0)).sum();
            w.setData(of(9.0));
            y.backward();
        }
        assertEquals(before + 1, RetiredLeaves.count(), "its gradient waits");
        grad = w.grad();
        assertArrayEquals(new float[] {3, 3}, grad.toFloatArray());
        assertEquals(before, RetiredLeaves.count());
    }

    @Test
    void manyScopesLetTheMemoryGo() {
        int before = RetiredLeaves.count();
        Tensor w = leaf();
        for (int i = 0; i < 200; i++) {
            try (TensorScope scope = new TensorScope()) {
                Tensor y = w.mul(of(3.0)).sum();
                w.setData(of(8.0));
                y.backward();
                w.setGrad(null);
            }
        }
        assertEquals(before, RetiredLeaves.count());
    }

    @Test
    void othersMayComputeMeanwhile() throws Exception {
        Tensor w = Torch.ones(new long[] {64, 64}, TensorOptions.DEFAULT.requiresGrad(true));
        Tensor x = Torch.ones(64, 64);
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService pool = Executors.newFixedThreadPool(3);
        try {
            List<Future<Integer>> wrong = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                wrong.add(pool.submit(() -> {
                    int count = 0;
                    while (!stop.get()) {
                        try (TensorScope scope = new TensorScope()) {
                            double sum = x.matmul(w).sum().item() / (64 * 64 * 64);
                            count += sum == Math.rint(sum) && sum >= 1 ? 0 : 1;
                        }
                    }
                    return count;
                }));
            }
            for (int i = 1; i <= 500; i++) {
                try (TensorScope scope = new TensorScope()) {
                    Tensor y = w.sum();
                    w.setData(Torch.full(new long[] {64, 64}, 1.0 + i % 7));
                    y.backward();
                    assertEquals(64 * 64, w.grad().sum().item());
                    w.setGrad(null);
                }
            }
            stop.set(true);
            for (Future<Integer> count : wrong) {
                assertEquals(0, count.get());
            }
        } finally {
            stop.set(true);
            pool.shutdownNow();
        }
    }
}
