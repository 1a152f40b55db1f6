package org.jtorch.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CallersTest {

    private static final long MILLI = 1_000_000;

    private final Callers callers = new Callers();

    @Test
    void countsThoseWhoAreInside() {
        assertEquals(1, callers.arrive(0));
        assertEquals(2, callers.arrive(0));
        assertEquals(3, callers.arrive(0));
        assertFalse(callers.leave());
        assertFalse(callers.leave());
        assertTrue(callers.leave());
    }

    @Test
    void remembersACallerWhoLeftForAWhile() {
        callers.arrive(0);
        callers.arrive(0);
        callers.leave();
        callers.leave();
        assertEquals(2, callers.arrive(10 * MILLI), "the other one will be back");
        callers.leave();
        assertEquals(1, callers.arrive(30 * MILLI), "it is not back");
        callers.leave();
        assertEquals(1, callers.arrive(31 * MILLI));
    }

    @Test
    void theMemoryIsOfTheLastTimeThatSoManyWereThere() {
        callers.arrive(0);
        callers.arrive(0);
        for (int i = 1; i <= 10; i++) {
            callers.leave();
            assertEquals(2, callers.arrive(i * (15 * MILLI)));
        }
        callers.leave();
        callers.leave();
        assertEquals(2, callers.arrive(160 * MILLI));
    }
}
