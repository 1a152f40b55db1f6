package org.jtorch.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jtorch.Torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Other processes may take more cores away, so the numbers inside of a share are upper bounds. */
class CoreShareTest {

    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final int SET = 2 * CORES;

    private final int before = Torch.getNumThreads();
    private final ExecutorService other = Executors.newSingleThreadExecutor();
    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);

    @BeforeEach
    void moreThreadsThanCores() {
        Torch.setNumThreads(SET);
    }

    @AfterEach
    void restore() {
        done.countDown();
        other.shutdown();
        Torch.setNumThreads(before);
    }

    /** Another thread that is inside of a share until {@link #done}; then it returns its number. */
    private Future<Integer> anotherCaller() throws InterruptedException {
        Future<Integer> result = other.submit(() -> {
            try (CoreShare share = CoreShare.open()) {
                inside.countDown();
                done.await();
            }
            return Torch.getNumThreads();
        });
        inside.await();
        return result;
    }

    @Test
    void twoCallersHaveHalfTheCoresEachAndTheirOwnNumberAgainAfterwards() throws Exception {
        Future<Integer> another = anotherCaller();
        try (CoreShare share = CoreShare.open()) {
            assertAtMost(Math.max(1, CORES / 2));
        }
        assertEquals(SET, Torch.getNumThreads());
        done.countDown();
        assertEquals(SET, another.get());
    }

    @Test
    void theInnerOfTwoHasNoEffect() throws Exception {
        Future<Integer> another = anotherCaller();
        try (CoreShare outer = CoreShare.open()) {
            int share = Torch.getNumThreads();
            try (CoreShare inner = CoreShare.open()) {
                assertEquals(share, Torch.getNumThreads());
            }
            assertEquals(share, Torch.getNumThreads(), "the outer one is still open");
        }
        assertEquals(SET, Torch.getNumThreads());
        done.countDown();
        assertEquals(SET, another.get());
    }

    @Test
    void anExplicitNumberIsNeverRaised() throws Exception {
        Torch.setNumThreads(1);
        try (CoreShare share = CoreShare.open()) {
            assertEquals(1, Torch.getNumThreads());
        }
        assertEquals(1, Torch.getNumThreads());
    }

    @Test
    void aNumberThatIsSetDuringACallStays() throws Exception {
        Future<Integer> another = anotherCaller();
        try (CoreShare share = CoreShare.open()) {
            Torch.setNumThreads(1);
        }
        assertEquals(1, Torch.getNumThreads());
        try (CoreShare share = CoreShare.open()) {
            Torch.setNumThreads(SET);
            assertEquals(SET, Torch.getNumThreads());
        }
        assertEquals(SET, Torch.getNumThreads());
        done.countDown();
        assertEquals(SET, another.get());
    }

    private static void assertAtMost(int most) {
        assertTrue(Torch.getNumThreads() <= most, () -> Torch.getNumThreads() + " threads, more than " + most);
    }
}
