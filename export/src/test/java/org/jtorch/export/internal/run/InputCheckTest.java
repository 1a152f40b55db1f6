package org.jtorch.export.internal.run;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.export.Graphs;
import org.jtorch.export.graph.DeviceName;
import org.jtorch.export.graph.Program;
import org.jtorch.export.graph.RangeConstraint;
import org.jtorch.export.graph.SymExpr;
import org.jtorch.export.graph.SymInt;
import org.jtorch.export.graph.TensorMeta;
import org.jtorch.export.internal.pt2.SchemaTypes;
import org.junit.jupiter.api.Test;

/** Sizes of inputs are compared with numbers and with expressions of symbols, whose values the sizes give. */
class InputCheckTest {

    private static final String REMEDY =
            "; export the program with a dynamic dimension, or with another range, to allow it";

    private static final SymInt A = expression("Symbol('a', positive=True, integer=True)");
    private static final SymInt B = expression("Symbol('b', positive=True, integer=True)");
    private static final SymInt TWO_A = expression("Mul(Integer(2), Symbol('a', positive=True, integer=True))");
    private static final SymInt A_PLUS_B =
            expression("Add(Symbol('a', positive=True, integer=True), Symbol('b', positive=True, integer=True))");

    private static SymInt expression(String text) {
        return new SymInt.Expression(new SymExpr(text, null));
    }

    private static SymInt known(long size) {
        return new SymInt.Known(size);
    }

    private static TensorMeta meta(SymInt... sizes) {
        return new TensorMeta(
                SchemaTypes.number(DType.FLOAT32),
                List.of(sizes),
                false,
                new DeviceName("cpu", null),
                List.of(sizes),
                known(0),
                7);
    }

    /** Returns the check of inputs {@code x} and {@code y}, with values of {@code a} from 2 to 4. */
    private static InputCheck check(@Nullable TensorMeta... metas) {
        Program any = Graphs.load("dynamic_batch").program();
        Program program = new Program(
                any.graphModule(),
                any.opsetVersion(),
                Map.of("a", new RangeConstraint(2L, 4L)),
                any.schemaVersion(),
                any.verifiers(),
                any.torchVersion(),
                any.guardsCode());
        return new InputCheck(program, List.of("x", "y").subList(0, metas.length), Arrays.asList(metas));
    }

    private static Tensor of(long... sizes) {
        return Torch.zeros(sizes);
    }

    private static void assertRefused(String message, InputCheck check, @Nullable Object... leaves) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> check.check(Arrays.asList(leaves)))
                        .getMessage());
    }

    @Test
    void whatIsNoTensorOfTheRightDimensionsIsRefused() {
        InputCheck check = check(null, meta(known(2), known(3)));
        assertDoesNotThrow(() -> check.check(Arrays.asList(null, of(2, 3))));
        assertRefused("input 'y' must be a tensor, but is null", check, 1, null);
        assertRefused("input 'y' must be a tensor, but is String", check, 1, "text");
        assertRefused("input 'y' has shape [2] of 1 dimensions, but the program takes 2", check, 1, of(2));
    }

    @Test
    void aFixedSizeMustBeThatSize() {
        InputCheck check = check(meta(known(2), known(3)));
        assertDoesNotThrow(() -> check.check(List.of(of(2, 3))));
        assertRefused("input 'x' has size 4 in dimension 1, but it must be 3" + REMEDY, check, of(2, 4));
    }

    @Test
    void aSymbolHasOneValueInAllInputs() {
        InputCheck check = check(meta(A, known(1)), meta(A, TWO_A));
        assertDoesNotThrow(() -> check.check(List.of(of(3, 1), of(3, 6))));
        assertRefused("input 'y' has size 4 in dimension 0, but it must be a = 3" + REMEDY, check, of(3, 1), of(4, 6));
        assertRefused(
                "input 'y' has size 7 in dimension 1, but it must be 2*a = 6" + REMEDY, check, of(3, 1), of(3, 7));
    }

    @Test
    void aSymbolGetsItsValueFromAnExpression() {
        InputCheck check = check(meta(TWO_A), meta(A));
        assertDoesNotThrow(() -> check.check(List.of(of(6), of(3))));
        assertRefused("input 'x' has size 7 in dimension 0, but it must be 2*a" + REMEDY, check, of(7), of(3));
        assertRefused("input 'y' has size 2 in dimension 0, but it must be a = 3" + REMEDY, check, of(6), of(2));
    }

    @Test
    void anExpressionWaitsForItsSymbols() {
        InputCheck check = check(meta(A_PLUS_B), meta(A, B));
        assertDoesNotThrow(() -> check.check(List.of(of(8), of(3, 5))));
        assertRefused("input 'x' has size 9 in dimension 0, but it must be a + b = 8" + REMEDY, check, of(9), of(3, 5));
    }

    @Test
    void aSymbolStaysInItsRange() {
        InputCheck plain = check(meta(A));
        assertDoesNotThrow(() -> plain.check(List.of(of(2))));
        assertDoesNotThrow(() -> plain.check(List.of(of(4))));
        assertRefused("input 'x' has size 1 in dimension 0, but it must be 2 to 4" + REMEDY, plain, of(1));
        assertRefused("input 'x' has size 5 in dimension 0, but it must be 2 to 4" + REMEDY, plain, of(5));
        assertRefused(
                "input 'x' has size 10 in dimension 0, but it must be 2*a with a 2 to 4" + REMEDY,
                check(meta(TWO_A)),
                of(10));
        assertDoesNotThrow(() -> check(meta(B)).check(List.of(of(100))));
    }

    @Test
    void theDTypeIsThatOfTheProgram() {
        InputCheck check = check(null, meta(known(2)));
        assertDoesNotThrow(() -> check.checkDTypes(List.of(of(2).to(DType.INT64), of(2))));
        assertEquals(
                "input 'y' has dtype " + DType.FLOAT64 + ", but the program was compiled for " + DType.FLOAT32
                        + ": convert it with to(dtype), or export the program with inputs of that dtype",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> check.checkDTypes(List.of(of(2), of(2).to(DType.FLOAT64))))
                        .getMessage());
    }
}
