package org.jtorch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jtorch.internal.OneThread;
import org.jtorch.internal.WorkerThreads;
import org.junit.jupiter.api.Test;

/** A tensor can be given from the thread that made it to another one, which then frees it at once. */
class HandOverTest {

    private static <T> T onAnotherThread(Supplier<T> body) {
        return CompletableFuture.supplyAsync(body, task -> new Thread(task).start())
                .join();
    }

    private static Tensor made() {
        return onAnotherThread(() -> {
            try (TensorScope scope = new TensorScope()) {
                Tensor tensor = Torch.ones(3);
                WorkerThreads.handOver(tensor);
                return tensor;
            }
        });
    }

    @Test
    void theAdoptingThreadFreesIt() {
        Tensor tensor = made();
        assertNull(tensor.owner);
        assertFalse(tensor.isMine());
        WorkerThreads.adopt(tensor);
        assertEquals(3, tensor.numel());
        assertTrue(tensor.isMine());
        tensor.close();
        assertThrows(IllegalStateException.class, tensor::numel);
    }

    @Test
    void withoutAdoptionItIsLeftToTheCollector() {
        Tensor tensor = made();
        assertEquals(3, tensor.numel());
        WorkerThreads.adopt(tensor);
        assertFalse(tensor.isMine());
    }

    @Test
    void anotherUserLeavesItToTheCollector() {
        Tensor tensor = made();
        WorkerThreads.adopt(tensor);
        assertEquals(3, onAnotherThread(tensor::numel));
        assertFalse(tensor.isMine());
        Tensor used = Torch.ones(2);
        assertEquals(2, onAnotherThread(used::numel));
        WorkerThreads.handOver(used);
        WorkerThreads.adopt(used);
        assertFalse(used.isMine());
    }

    @Test
    void onlyTheCallingThreadComputesAlone() {
        int threads = Torch.getNumThreads();
        assertEquals(1, onAnotherThread(() -> {
            OneThread.fromNowOn();
            Torch.randn(300, 300).matmul(Torch.randn(300, 300));
            return Torch.getNumThreads();
        }));
        assertEquals(threads, Torch.getNumThreads());
        assertEquals(threads, onAnotherThread(Torch::getNumThreads));
    }
}
