package org.jtorch.opgen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class OpTest {

    @Test
    void readsARow() {
        Op op = Op.parse("add(Tensor other, Number alpha = 1) | inplace | `self + alpha * other`, broadcast.");
        assertEquals("add", op.name());
        assertEquals(ReturnType.TENSOR, op.returns());
        assertEquals(
                List.of(new Param(ArgType.TENSOR, "other", null), new Param(ArgType.NUMBER, "alpha", "1")),
                op.params());
        assertEquals("aten::add", op.aten());
        assertEquals("`self + alpha * other`, broadcast.", op.doc());
        assertNull(op.call());
        assertTrue(op.hasInPlaceTwin());
        assertFalse(op.inPlace());
        assertFalse(op.isStatic());
    }

    @Test
    void readsReturnTypesCallsAndNames() {
        Op op = Op.parse(
                "ValuesIndices maxPool2dWithIndices(long[] size) | aten=max_pool2d_with_indices call=torch.f($0, $1) | x | y");
        assertEquals(ReturnType.VALUES_INDICES, op.returns());
        assertEquals("aten::max_pool2d_with_indices", op.aten());
        assertEquals("torch.f($0, $1)", op.call());
        assertEquals("x | y", op.doc());
    }

    @Test
    void defaultsMayHoldCommasInBraces() {
        Op op = Op.parse("norm(long[] dim = new long[] {-2, -1}, boolean keepdim = false) | | .");
        assertEquals("new long[] {-2, -1}", op.params().get(0).defaultValue());
        assertEquals("keepdim", op.params().get(1).name());
    }

    @Test
    void twinsWorkInPlace() {
        Op twin = Op.parse("mul(Tensor other) | inplace | .").inPlaceTwin();
        assertEquals("mul_", twin.name());
        assertEquals("aten::mul_", twin.aten());
        assertTrue(twin.inPlace());
        assertNull(twin.call());
        Op function = Op.parse("leakyRelu(Number slope = 0.01) | inplacefn | .").inPlaceTwin();
        assertEquals("torch.leaky_relu_($0, $1)", function.call());
    }

    @Test
    void twinsOfNamedCallsUseTheMethod() {
        Op twin = Op.parse("cumsum(long dim) | inplace call=torch.cumsum($0, $1) | .")
                .inPlaceTwin();
        assertNull(twin.call());
    }

    @Test
    void factoriesAreStatic() {
        assertTrue(Op.parse("Tensor zeros(long[] size) | factory | .").isStatic());
        assertTrue(Op.parse("Tensor cat(List<Tensor> tensors) | static | .").isStatic());
    }

    @Test
    void camelCaseIsSnakeCaseThere() {
        assertEquals("masked_fill", Op.snake("maskedFill"));
        assertEquals("uniform_", Op.snake("uniform_"));
        assertEquals("log2", Op.snake("log2"));
    }

    @Test
    void mistakesAreNamed() {
        assertEquals("a row has three columns, signature | options | doc", refused("add(Tensor other) | inplace"));
        assertEquals("the signature has no parentheses", refused("add | | ."));
        assertEquals("unknown option 'inplaced'", refused("add(Tensor other) | inplaced | ."));
        assertTrue(refused("add(Tensr other) | | .").startsWith("unknown type 'Tensr'; known: Tensor, "));
        assertEquals(
                "parameter 'Tensor' should read 'Type name' or 'Type name = default'", refused("add(Tensor) | | ."));
        assertEquals("unknown return type 'Tensors'", refused("Tensors add(Tensor other) | | ."));
        assertEquals(
                "the call names $2, but there are 1 parameters",
                refused("add(Tensor other) | call=torch.add($0, $2) | ."));
    }

    private static String refused(String row) {
        return assertThrows(IllegalArgumentException.class, () -> Op.parse(row)).getMessage();
    }
}
