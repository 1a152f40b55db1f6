package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jtorch.OpRecorder;
import org.jtorch.RemovableHandle;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm2d;
import org.jtorch.nn.pooling.MaxPool2d;
import org.jtorch.nn.transformer.TransformerEncoder;
import org.jtorch.nn.transformer.TransformerEncoderLayer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A call gives the same bits whatever observes it, and on whatever thread. */
class OtherThreadsTest {

    private final ExecutorService other = Executors.newSingleThreadExecutor();

    @AfterEach
    void end() {
        other.shutdownNow();
    }

    /** Something that begins on the other thread and lasts while this one computes. */
    private interface Watch {
        AutoCloseable begin();
    }

    private static List<int[]> run() {
        Torch.manualSeed(0);
        Sequential images = new Sequential(
                block(3, 16), block(16, 32), new MaxPool2d(2), block(32, 32), new Conv2d(32, 8, 1), new ReLU());
        Sequential maps = new Sequential(new Linear(1024, 1024), new ReLU(), new Linear(1024, 512));
        TransformerEncoder encoder = new TransformerEncoder(
                new TransformerEncoderLayer(64, 2, o -> o.dimFeedforward(256).batchFirst(true)), 2);
        images.eval();
        maps.eval();
        encoder.eval();
        Tensor image = Torch.randn(2, 3, 32, 32);
        Tensor rows = Torch.randn(64, 1024);
        Tensor sequences = Torch.randn(4, 32, 64);
        List<int[]> seen = new ArrayList<>();
        for (boolean recorded : new boolean[] {true, false}) {
            try (GradMode mode = recorded ? Autograd.enableGrad() : Autograd.noGrad()) {
                seen.add(bits(images.call(image)));
                seen.add(bits(maps.call(rows)));
                seen.add(bits(encoder.call(sequences)));
            }
        }
        return seen;
    }

    private static Sequential block(long in, long out) {
        return new Sequential(new Conv2d(in, out, 3, o -> o.padding(1)), new BatchNorm2d(out), new ReLU());
    }

    private static int[] bits(Tensor tensor) {
        float[] values = tensor.detach().flatten().toFloatArray();
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    private void assertUnchanged(Watch watch) throws Exception {
        try (TensorScope scope = new TensorScope()) {
            List<int[]> alone = run();
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch done = new CountDownLatch(1);
            Future<?> watching = other.submit(() -> {
                try (AutoCloseable watched = watch.begin()) {
                    begun.countDown();
                    done.await();
                }
                return null;
            });
            begun.await();
            List<int[]> watched;
            try {
                watched = run();
            } finally {
                done.countDown();
            }
            watching.get();
            for (int i = 0; i < alone.size(); i++) {
                assertArrayEquals(alone.get(i), watched.get(i), "output " + i);
            }
        }
    }

    @Test
    void gradientModeChangesNoBits() {
        try (TensorScope scope = new TensorScope()) {
            List<int[]> outputs = run();
            for (int i = 0; i < 3; i++) {
                assertArrayEquals(outputs.get(i), outputs.get(3 + i), "output " + i);
            }
        }
    }

    @Test
    void aRecorderChangesNoBits() throws Exception {
        assertUnchanged(() -> OpRecorder.start(op -> {}));
    }

    @Test
    void aGlobalHookChangesNoBits() throws Exception {
        assertUnchanged(() -> {
            RemovableHandle handle = GlobalHooks.registerModuleForwardHook((module, in, out) -> null);
            return handle::close;
        });
    }
}
