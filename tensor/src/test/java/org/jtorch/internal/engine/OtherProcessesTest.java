package org.jtorch.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import org.jtorch.internal.engine.OtherProcesses.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class OtherProcessesTest {

    private static final long SECOND = 1_000_000_000;

    @Test
    void aCoreIsTakenIfMoreThanAQuarterIsUsed() {
        assertEquals(0, taken(0.0, 0.0));
        assertEquals(0, taken(1.9, 1.9));
        assertEquals(0, taken(0.2, 0.0));
        assertEquals(1, taken(0.3, 0.0));
        assertEquals(1, taken(2.0, 1.0));
        assertEquals(1, taken(2.0, 1.5), "two threads and a program that shares a core with one of them");
        assertEquals(2, taken(2.0, 0.1));
        assertEquals(0, taken(16.4, 16.0), "the system counts in ticks");
        assertEquals(0, taken(0.9, 1.0));
    }

    /** Over half a second, in cores. */
    private static int taken(double all, double own) {
        return OtherProcesses.taken(
                new Reading(SECOND, 100, 10), new Reading(SECOND * 3 / 2, 100 + all / 2, 10 + own / 2));
    }

    @Test
    void moreLoadCountsAtOnceAndLessAfterASecond() {
        OtherProcesses others = new OtherProcesses();
        others.put(1);
        assertEquals(1, others.taken());
        for (int i = 0; i < 4; i++) {
            others.put(0);
            assertEquals(1, others.taken());
        }
        others.put(1);
        for (int i = 0; i < 4; i++) {
            others.put(0);
            assertEquals(1, others.taken());
        }
        others.put(0);
        assertEquals(0, others.taken());
    }

    @Test
    void listsOfCores() {
        BitSet expected = new BitSet();
        expected.set(0, 4);
        expected.set(8);
        expected.set(10, 12);
        assertEquals(expected, OtherProcesses.cores("0-3,8,10-11"));
    }

    /** The own time grows by what this thread uses, and that of all by at least as much. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void readsTheTimesOfThisSystem() {
        BitSet cores = OtherProcesses.allowed();
        assertNotNull(cores);
        assertTrue(cores.cardinality() >= 1);
        Reading before = OtherProcesses.read(cores);
        assertNotNull(before);
        Reading now = before;
        while (now.own() - before.own() < 0.1) {
            now = OtherProcesses.read(cores);
            assertNotNull(now);
            assertTrue(now.nanos() - before.nanos() < 60 * SECOND, "the time of this process does not grow");
        }
        assertTrue(now.all() - before.all() >= 0.05, before + " to " + now);
    }
}
