package org.jtorch.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.junit.jupiter.api.Test;

/** Several ranks in one process, each on a thread. */
class ConnectTest {

    @Test
    void threadsAreRanksWithoutAGroupOfTheProcess() throws Exception {
        int port = Distributed.freePort();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        List<Future<Double>> sums = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int rank = i;
            sums.add(threads.submit(() -> {
                try (ProcessGroup group = Distributed.connect(o -> o.rank(rank)
                        .worldSize(3)
                        .masterAddr("127.0.0.1")
                        .masterPort(port)
                        .timeout(Duration.ofSeconds(30)))) {
                    assertFalse(Distributed.isInitialized());
                    assertEquals(rank, group.rank());
                    Tensor sum = Torch.full(new long[] {4}, rank + 1);
                    group.allReduce(sum);
                    group.barrier();
                    return sum.sum().item();
                }
            }));
        }
        for (Future<Double> sum : sums) {
            assertEquals(24, sum.get(60, TimeUnit.SECONDS));
        }
        threads.shutdown();
    }
}
