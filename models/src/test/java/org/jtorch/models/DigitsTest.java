package org.jtorch.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.jtorch.DType;
import org.junit.jupiter.api.Test;

class DigitsTest {

    @Test
    void theImagesAreThoseOfTheDataSet() {
        Digits digits = Digits.load();
        assertArrayEquals(new long[] {1797, 64}, digits.images().shape());
        assertArrayEquals(new long[] {1797}, digits.labels().shape());
        assertEquals(DType.FLOAT32, digits.images().dtype());
        assertEquals(0.0, digits.images().min().item());
        assertEquals(1.0, digits.images().max().item());
        // the data set's own counts of the digits 0 to 9
        assertArrayEquals(
                new long[] {178, 182, 177, 183, 181, 182, 181, 179, 174, 180},
                digits.labels().bincount().toLongArray());
    }
}
