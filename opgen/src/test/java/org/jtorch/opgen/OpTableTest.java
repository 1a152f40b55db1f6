package org.jtorch.opgen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class OpTableTest {

    @Test
    void readsHeaderRowsAndComments() {
        OpTable table = OpTable.parse(
                "a.ops",
                List.of(
                        "interface AOps: What they do: much.",
                        "",
                        "# a comment",
                        "neg() | inplace | Minus.",
                        "abs() | | Size."));
        assertEquals("AOps", table.name());
        assertEquals("What they do: much.", table.doc());
        assertEquals(
                List.of("neg", "neg_", "abs"),
                table.ops().stream().map(Op::name).toList());
    }

    @Test
    void readsTablesOfStatics() {
        OpTable table = OpTable.parse("f.ops", List.of("statics: Factories.", "Tensor eye(long n) | factory | ."));
        assertTrue(table.name().isEmpty());
        assertTrue(refused("f.ops", List.of("statics: Factories.", "neg() | | ."))
                .startsWith("f.ops:2: a table of statics cannot hold 'neg', which is called on a tensor"));
    }

    @Test
    void mistakesHaveFileLineAndText() {
        assertEquals(
                "b.ops:3: unknown option 'nope'\n  abs() | nope | .",
                refused("b.ops", List.of("interface B: b", "neg() | | .", "abs() | nope | .")));
        assertEquals(
                "b.ops:2: 'neg' appears twice with these parameter types\n  neg() | | .",
                refused("b.ops", List.of("interface B: b", "neg() | | .", "neg() | | ."))
                        .replace(":3:", ":2:"));
        assertTrue(refused("b.ops", List.of("neg() | | .")).startsWith("b.ops:1: the first line should be"));
        assertTrue(refused("b.ops", List.of("# nothing")).startsWith("b.ops is empty"));
    }

    @Test
    void overloadsAreNoRepetition() {
        OpTable table = OpTable.parse(
                "c.ops",
                List.of("interface C: c", "add(Tensor other) | inplace | .", "add(Number other) | inplace | ."));
        assertEquals(4, table.ops().size());
    }

    private static String refused(String file, List<String> lines) {
        return assertThrows(IllegalArgumentException.class, () -> OpTable.parse(file, lines))
                .getMessage();
    }
}
