package org.jtorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SizeTest {

    @Test
    void printsItsNumbers() {
        assertEquals("[2, 3]", Torch.ones(2, 3).size().toString());
        assertEquals("[]", Torch.tensor(1.5).size().toString());
    }

    @Test
    void equalsByValue() {
        assertEquals(Size.of(2, 3), Torch.ones(2, 3).size());
        assertEquals(Size.of(2, 3).hashCode(), Torch.ones(2, 3).size().hashCode());
        assertNotEquals(Size.of(3, 2), Torch.ones(2, 3).size());
    }

    @Test
    void givesDimensionsFromBothEnds() {
        Size size = Size.of(2, 3, 5);
        assertEquals(3, size.dim());
        assertEquals(2, size.get(0));
        assertEquals(5, size.get(-1));
        assertEquals(2, size.get(-3));
        assertEquals(
                "there is no dimension 3 in the size [2, 3, 5]",
                assertThrows(IndexOutOfBoundsException.class, () -> size.get(3)).getMessage());
        assertThrows(IndexOutOfBoundsException.class, () -> size.get(-4));
    }

    @Test
    void countsElements() {
        assertEquals(30, Size.of(2, 3, 5).numel());
        assertEquals(1, Size.of().numel());
        assertEquals(0, Size.of(1L << 40, 0, 1L << 40).numel());
        assertThrows(
                ArithmeticException.class, () -> Size.of(1L << 40, 1L << 40).numel());
    }

    @Test
    void canBeGoneThroughAndNotBeChanged() {
        long[] given = {2, 3};
        Size size = Size.of(given);
        given[0] = 7;
        size.toArray()[1] = 7;
        assertArrayEquals(new long[] {2, 3}, size.toArray());
        List<Long> seen = new ArrayList<>();
        size.forEach(seen::add);
        assertEquals(List.of(2L, 3L), seen);
    }
}
