package org.jtorch.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinearWeightsTest {

    @ParameterizedTest
    @CsvSource({
        "1, AVX2, true",
        "64, AVX2, true",
        "65, AVX2, false",
        "1024, AVX2, false",
        "1024, AVX512, true",
        "1024, DEFAULT, true"
    })
    void manyRowsArePlainWithAvx2Only(long rows, String capability, boolean packed) {
        assertEquals(packed, LinearWeights.shouldBePacked(rows, capability));
    }

    @ParameterizedTest
    @CsvSource({"1", "64"})
    void aFewRowsArePackedOnEveryProcessor(long rows) {
        assertTrue(LinearWeights.shouldBePacked(rows));
    }
}
