package org.jtorch.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class StopStringsTest {

    @Test
    void findsATextThatComesInPieces() {
        StopStrings stops = new StopStrings(List.of("END", "###"));
        assertEquals("a", stops.add("aE"));
        assertEquals("", stops.add("N"));
        assertEquals("ENx", stops.add("x"));
        assertEquals("y", stops.add("yEN"));
        assertEquals("", stops.add("D more"));
        assertTrue(stops.isFound());
        assertEquals("", stops.add("later"));
        assertEquals("", stops.finish());
    }

    @Test
    void theFirstOneCounts() {
        StopStrings stops = new StopStrings(List.of("cd", "b"));
        assertEquals("a", stops.add("abcd"));
        assertTrue(stops.isFound());
    }

    @Test
    void givesWhatWasHeldBackAtTheEnd() {
        StopStrings stops = new StopStrings(List.of("aab"));
        assertEquals("", stops.add("a"));
        assertEquals("", stops.add("a"));
        assertEquals("a", stops.add("a"));
        assertEquals("aa", stops.finish());
        assertFalse(stops.isFound());
    }
}
