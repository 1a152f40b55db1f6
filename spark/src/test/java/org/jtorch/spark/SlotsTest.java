package org.jtorch.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalInt;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

/** The cores that Spark tells of; needs no cluster. */
class SlotsTest {

    private static SparkConf conf(String... settings) {
        SparkConf conf = new SparkConf(false);
        for (int i = 0; i < settings.length; i += 2) {
            conf.set(settings[i], settings[i + 1]);
        }
        return conf;
    }

    @Test
    void theDefaultParallelismIsTheNumberOfCores() {
        assertEquals(OptionalInt.of(7), Slots.cores("spark://host:7077", conf(), 7, 3));
        assertEquals(OptionalInt.of(3), Slots.cores("local[3]", conf(), 3, 1));
    }

    @Test
    void ifTheUserHasSetItTheCoresAreCountedOtherwise() {
        SparkConf set = conf("spark.default.parallelism", "100");
        assertEquals(OptionalInt.of(3), Slots.cores("local[3]", set, 100, 1));
        assertEquals(OptionalInt.of(3), Slots.cores("local[3, 2]", set, 100, 1));
        assertEquals(OptionalInt.of(1), Slots.cores("local", set, 100, 1));
        assertEquals(OptionalInt.of(Runtime.getRuntime().availableProcessors()), Slots.cores("local[*]", set, 100, 1));
        assertEquals(OptionalInt.empty(), Slots.cores("spark://host:7077", set, 100, 3));
        SparkConf known = conf("spark.default.parallelism", "100", "spark.executor.cores", "4");
        assertEquals(OptionalInt.of(8), Slots.cores("yarn", known, 100, 3)); // the driver is one of the three
    }

    @Test
    void theHostIsTheAddressWithoutThePort() {
        assertEquals("10.0.0.7", RankTask.host("10.0.0.7:41234"));
        assertEquals("worker-3", RankTask.host("worker-3:41234"));
        assertEquals("worker-3", RankTask.host("worker-3"));
        assertEquals("::1", RankTask.host("[::1]:41234"));
        assertEquals("::1", RankTask.host("[::1]"));
    }
}
