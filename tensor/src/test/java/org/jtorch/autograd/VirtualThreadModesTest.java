package org.jtorch.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** A virtual thread has modes of its own, whichever native thread it runs on. */
@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "older JDKs have no virtual threads")
class VirtualThreadModesTest {

    /** One executor of virtual threads, found by reflection since the sources are Java 17. */
    private static ExecutorService executor() throws ReflectiveOperationException {
        Method make = Executors.class.getMethod("newVirtualThreadPerTaskExecutor");
        return (ExecutorService) make.invoke(null);
    }

    private static long count(int tasks, Callable<Boolean> task) throws Exception {
        List<Future<Boolean>> results = new ArrayList<>();
        try (AutoCloseableExecutor virtual = new AutoCloseableExecutor(executor())) {
            for (int i = 0; i < tasks; i++) {
                results.add(virtual.executor.submit(task));
            }
            long yes = 0;
            for (Future<Boolean> result : results) {
                if (result.get()) {
                    yes++;
                }
            }
            return yes;
        }
    }

    private record AutoCloseableExecutor(ExecutorService executor) implements AutoCloseable {
        @Override
        public void close() {
            executor.shutdown();
        }
    }

    private static boolean records() {
        Tensor leaf = Torch.ones(2).requiresGrad_();
        return leaf.mul(2).requiresGrad();
    }

    @Test
    void aModeGoesWhereItsThreadGoes() throws Exception {
        assertEquals(2000, count(2000, () -> {
            try (GradMode mode = Autograd.noGrad()) {
                Thread.sleep(1); // leaves the native thread
                return !records() && !Autograd.isGradEnabled();
            }
        }));
    }

    @Test
    void inferenceModeGoesWhereItsThreadGoes() throws Exception {
        assertEquals(2000, count(2000, () -> {
            try (GradMode mode = Autograd.inferenceMode()) {
                Thread.sleep(1);
                return Autograd.isInferenceModeEnabled() && Torch.ones(1).isInference();
            }
        }));
    }

    @Test
    void aModeThatIsOpenWhileItsThreadWaitsChangesNoOther() throws Exception {
        Object unused = new Object();
        assertEquals(6000, count(6000, () -> {
            if (unused.hashCode() % 2 == Thread.currentThread().hashCode() % 2) {
                try (GradMode mode = Autograd.inferenceMode()) {
                    Torch.ones(8).sum();
                    Thread.sleep(1);
                    Torch.ones(8).sum();
                }
            }
            Thread.sleep(1);
            return records() && Autograd.isGradEnabled() && !Autograd.isInferenceModeEnabled();
        }));
    }

    @Test
    void hooksOfABackwardSeeTheEnginesMode() throws Exception {
        assertEquals(200, count(200, () -> {
            boolean[] seen = {true};
            Tensor x = Torch.ones(2).requiresGrad_();
            Tensor y = x.mul(3);
            y.registerHook(grad -> {
                seen[0] = Autograd.isGradEnabled(); // off, since no graph of the gradients was requested
                return null;
            });
            y.sum().backward();
            return !seen[0] && Autograd.isGradEnabled();
        }));
    }
}
