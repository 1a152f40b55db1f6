package org.jtorch.export.internal.symbols;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import org.jtorch.export.graph.ExportException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expressions of sizes, in both forms in which PyTorch writes them. */
class ExpressionTest {

    private static final Map<String, Long> SYMBOLS = Map.of("s0", 7L, "s1", 3L);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Symbol('s0', positive=True, integer=True) | 7",
                "Mul(Integer(2), Symbol('s0', positive=True, integer=True)) | 14",
                "Add(Symbol('s0', integer=True), Integer(-1)) | 6",
                "FloorDiv(Symbol('s0', integer=True), Integer(2)) | 3",
                "Mod(Symbol('s0', integer=True), Symbol('s1', integer=True)) | 1",
                "Max(Integer(9), Symbol('s0', integer=True)) | 9",
                "Pow(Symbol('s1', integer=True), Integer(2)) | 9",
                "torch.utils._sympy.functions.FloorDiv(Add(Symbol('s0'), Integer(1)), Integer(2)) | 4",
                "Mul(Rational(1, 2), Add(Symbol('s0'), Integer(1))) | 4",
                "s0 | 7",
                "2*s0 + s1 | 17",
                "s0 - 2*s1 | 1",
                "(s0 + 1)//2 | 4",
                "-s1 + s0 | 4",
                "s1**2 % 4 | 1",
                "Max(1, s0 - 10) | 1",
            })
    void valuesAreAsInPython(String text, double value) {
        assertEquals(value, Expression.parse(text).value(SYMBOLS));
    }

    @Test
    void symbolsAreFoundAndMissingOnesGiveNoValue() {
        Expression expression = Expression.parse("2*s0 + Max(s1, s2)");
        assertEquals(Set.of("s0", "s1", "s2"), expression.symbols());
        assertNull(expression.value(SYMBOLS));
    }

    @Test
    void aLinearExpressionIsSolved() {
        Expression expression = Expression.parse("2*s9 + s1");
        assertEquals(5, expression.solve("s9", 13, SYMBOLS));
        assertNull(expression.solve("s9", 14, SYMBOLS), "no whole number");
        assertNull(Expression.parse("s9*s9").solve("s9", 9, SYMBOLS), "not linear");
        assertNull(Expression.parse("s9 + s8").solve("s9", 9, SYMBOLS), "two unknown symbols");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2*", "(s0", "Symbol('s0", "s0 s1", "Symbol()", "1..2", ")", "Mul(2,", "'"})
    void otherTextIsRefused(String text) {
        ExportException e = assertThrows(ExportException.class, () -> Expression.parse(text));
        assertTrue(e.getMessage().contains("cannot be read at character"), e.getMessage());
    }

    @Test
    void unknownFunctionsAreNamed() {
        ExportException e = assertThrows(ExportException.class, () -> Expression.parse("Zeta(s0)"));
        assertTrue(e.getMessage().contains("'Zeta'"), e.getMessage());
    }

    @Test
    void deepNestingIsRefused() {
        assertThrows(ExportException.class, () -> Expression.parse("(".repeat(100_000)));
    }
}
