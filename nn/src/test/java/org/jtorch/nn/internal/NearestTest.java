package org.jtorch.nn.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {

    private static final List<String> COMMANDS = List.of("train", "inspect", "diff", "convert", "check");

    @Test
    void aLetterMoreLessOtherOrSwapped() {
        assertEquals("inspect", Nearest.to("inspectt", COMMANDS));
        assertEquals("inspect", Nearest.to("inspct", COMMANDS));
        assertEquals("inspect", Nearest.to("inspekt", COMMANDS));
        assertEquals("check", Nearest.to("hceck", COMMANDS));
        assertEquals("diff", Nearest.to("dif", COMMANDS));
    }

    @Test
    void theNearestOfSeveral() {
        assertEquals("fc2.weight", Nearest.to("fc2.wieght", List.of("fc1.weight", "fc2.weight", "fc2.bias")));
    }

    @Test
    void nothingThatIsFarAway() {
        assertNull(Nearest.to("nonsense", COMMANDS));
        assertNull(Nearest.to("", COMMANDS));
        assertEquals("", Nearest.question("x", List.of()));
        assertEquals(": did you mean 'diff'?", Nearest.question("diffs", COMMANDS));
    }
}
