package org.jtorch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One number governs libtorch's threads and OpenBLAS's. */
class NumThreadsTest {

    private final int before = Torch.getNumThreads();

    @AfterEach
    void restore() {
        Torch.setNumThreads(before);
    }

    @Test
    void aMatrixProductOfOneThreadUsesNoOther() {
        Torch.setNumThreads(1);
        assertEquals(1, Torch.getNumThreads());
        Tensor x = Torch.randn(768, 768);
        x.mm(x);
        OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        double ratio = Double.MAX_VALUE;
        // other threads of the JVM compile and collect meanwhile: the least of a few
        for (int round = 0; round < 5; round++) {
            long all = process.getProcessCpuTime();
            long mine = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            for (int i = 0; i < 20; i++) {
                x.mm(x).close();
            }
            mine = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - mine;
            all = process.getProcessCpuTime() - all;
            ratio = Math.min(ratio, all / (double) mine);
        }
        assertTrue(ratio < 1.4, "the process took " + ratio + " times the CPU time of the calling thread");
    }

    @Test
    void lessThanOneIsRefused() {
        assertEquals(
                "the number of threads is 0, but must be at least 1",
                assertThrows(IllegalArgumentException.class, () -> Torch.setNumThreads(0))
                        .getMessage());
    }
}
