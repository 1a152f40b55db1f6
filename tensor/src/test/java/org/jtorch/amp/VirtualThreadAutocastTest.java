package org.jtorch.amp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** A virtual thread has settings of its own, whichever native thread it runs on. */
@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "older JDKs have no virtual threads")
class VirtualThreadAutocastTest {

    private static final int THREADS = 1200;

    private final Tensor x = Torch.ones(4, 4);
    private final Tensor weight = Torch.ones(4, 4).requiresGrad_();

    private DType product() {
        try (TensorScope scope = new TensorScope()) {
            return x.mm(weight).dtype();
        }
    }

    /** Runs tasks in virtual threads, found by reflection since the sources are Java 17. */
    private static void all(Callable<Boolean> task) throws Exception {
        ExecutorService executor = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        List<Future<Boolean>> results = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            results.add(executor.submit(task));
        }
        executor.shutdown();
        int right = 0;
        for (Future<Boolean> result : results) {
            right += result.get() ? 1 : 0;
        }
        assertEquals(THREADS, right);
    }

    @Test
    void aBlockGoesWhereItsThreadGoes() throws Exception {
        all(() -> {
            try (Autocast autocast = Autocast.cpu()) {
                Thread.sleep(1); // leaves the native thread
                boolean on = Autocast.isEnabled(Device.CPU) && product() == DType.BFLOAT16;
                try (Autocast half = new Autocast(Device.CPU, o -> o.dtype(DType.FLOAT16))) {
                    Thread.sleep(1);
                    on &= product() == DType.FLOAT16;
                }
                Thread.sleep(1);
                return on && product() == DType.BFLOAT16;
            }
        });
    }

    @Test
    void aBlockThatIsOpenWhileItsThreadWaitsChangesNoOther() throws Exception {
        all(() -> {
            if (Thread.currentThread().hashCode() % 2 == 0) {
                try (Autocast autocast = Autocast.cpu()) {
                    product();
                    Thread.sleep(1);
                    product();
                }
            }
            Thread.sleep(1);
            return product() == DType.FLOAT32
                    && !Autocast.isEnabled(Device.CPU)
                    && Autocast.dtype(Device.CPU) == DType.BFLOAT16;
        });
    }

    @Test
    void threadsWithAndWithoutRecordingShareWeights() throws Exception {
        all(() -> {
            try (TensorScope scope = new TensorScope();
                    Autocast autocast = Autocast.cpu()) {
                if (Thread.currentThread().hashCode() % 2 == 0) {
                    return Autograd.inferenceMode(() -> !x.mm(weight).requiresGrad());
                }
                Thread.sleep(1);
                return x.mm(weight).requiresGrad();
            }
        });
    }
}
