package org.jtorch.internal.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {

    private static final List<String> COMMANDS = List.of("train", "inspect", "diff", "convert", "check");

    @Test
    void aLetterMoreLessOtherOrSwapped() {
        assertEquals("inspect", Nearest.to("inspectt", COMMANDS).get(0));
        assertEquals("inspect", Nearest.to("inspct", COMMANDS).get(0));
        assertEquals("inspect", Nearest.to("inspekt", COMMANDS).get(0));
        assertEquals("check", Nearest.to("hceck", COMMANDS).get(0));
        assertEquals("diff", Nearest.to("dif", COMMANDS).get(0));
    }

    @Test
    void theNearestOfSeveral() {
        assertEquals(
                "fc2.weight",
                Nearest.to("fc2.wieght", List.of("fc1.weight", "fc2.weight", "fc2.bias"))
                        .get(0));
    }

    @Test
    void caseAndSeparatorsDoNotCountAndPartsAreNear() {
        assertEquals(List.of("model"), Nearest.to("model_state_dict", List.of("step", "model", "optimizer")));
        assertEquals(List.of("paramGroups"), Nearest.to("param_groups", List.of("paramGroups", "state")));
        assertEquals("did you mean 'fc1' or 'fc2'?", Nearest.question("fc", List.of("fc1", "fc2", "head")));
    }

    @Test
    void nothingThatIsFarAway() {
        assertEquals(List.of(), Nearest.to("nonsense", COMMANDS));
        assertEquals(List.of(), Nearest.to("", COMMANDS));
        assertEquals("", Nearest.question("x", List.of()));
        assertEquals("did you mean 'diff'?", Nearest.question("diffs", COMMANDS));
    }
}
