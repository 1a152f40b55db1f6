package org.jtorch.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicInteger;
import org.jtorch.Torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Small work computes on one thread, and the number of threads is the same before and after. */
class OneThreadTest {

    private final int before = Torch.getNumThreads();

    @BeforeEach
    void severalThreads() {
        Torch.setNumThreads(3);
    }

    @AfterEach
    void restore() {
        Torch.setNumThreads(before);
    }

    @Test
    void hasOneThreadOnlyInside() {
        AtomicInteger inside = new AtomicInteger();
        OneThread.run(() -> inside.set(Torch.getNumThreads()));
        assertEquals(1, inside.get());
        assertEquals(3, Torch.getNumThreads());
    }

    @Test
    void restoresTheNumberAfterAnError() {
        Runnable fails = () -> {
            throw new IllegalStateException("no");
        };
        assertThrows(IllegalStateException.class, () -> OneThread.run(fails));
        assertEquals(3, Torch.getNumThreads());
    }

    @Test
    void nests() {
        OneThread.run(() -> OneThread.run(() -> assertEquals(1, Torch.getNumThreads())));
        assertEquals(3, Torch.getNumThreads());
    }
}
