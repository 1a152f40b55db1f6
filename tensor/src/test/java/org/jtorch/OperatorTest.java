package org.jtorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperatorTest {

    @Test
    void givesWhatTheOperatorGives() {
        Operator topk = Operator.find("aten::topk", "");
        List<Object> both = topk.call(Torch.tensor(new float[] {1, 5, 3}), 2, 0, true, true);
        assertArrayEquals(
                new float[] {5, 3}, assertInstanceOf(Tensor.class, both.get(0)).toFloatArray());
        assertArrayEquals(
                new long[] {1, 2}, assertInstanceOf(Tensor.class, both.get(1)).toLongArray());
    }

    @Test
    void isFoundOnce() {
        assertSame(Operator.find("aten::add", "Tensor"), Operator.find("aten::add", "Tensor"));
        assertNotSame(Operator.find("aten::add", "Tensor"), Operator.find("aten::add", "Scalar"));
    }

    /** The results are lent by the engine's stack, which is gone when the caller uses them. */
    @Test
    void resultsOutliveTheCall() {
        Operator add = Operator.find("aten::add", "Tensor");
        List<Tensor> sums = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            sums.add((Tensor)
                    add.call(Torch.full(new long[] {3}, i), Torch.ones(3), 1).get(0));
        }
        for (int i = 0; i < 2000; i++) {
            assertArrayEquals(new float[] {i + 1, i + 1, i + 1}, sums.get(i).toFloatArray());
        }
    }

    @Test
    void takesListsAsTheSchemaHasThem() {
        Tensor x = Torch.arange(6).reshape(2, 3).to(DType.FLOAT32);
        Operator sum = Operator.find("aten::sum", "dim_IntList");
        for (Object dims : List.of(List.of(0), new long[] {0}, new int[] {0}, 0)) {
            Tensor columns = (Tensor) sum.call(x, dims, false, null).get(0);
            assertArrayEquals(new float[] {3, 5, 7}, columns.toFloatArray());
        }
        assertEquals(15.0, ((Tensor) sum.call(x, null, false, DType.FLOAT64).get(0)).item());
        Operator cat = Operator.find("aten::cat", "");
        assertArrayEquals(
                new long[] {4, 3}, ((Tensor) cat.call(List.of(x, x), 0).get(0)).shape());
        Operator put = Operator.find("aten::index_put", "");
        Tensor changed =
                (Tensor) put.call(x, Arrays.asList(null, Torch.tensor(new long[] {1})), Torch.zeros(2, 1), false)
                        .get(0);
        assertArrayEquals(new float[] {0, 0, 2, 3, 0, 5}, changed.toFloatArray());
    }

    /** An integer where the schema has a float, as Python allows; not the other way round. */
    @Test
    void numbersFollowTheSchema() {
        Operator dropout = Operator.find("aten::dropout", "");
        assertArrayEquals(
                new float[] {0, 0},
                ((Tensor) dropout.call(Torch.ones(2), 1, true).get(0)).toFloatArray());
        Operator topk = Operator.find("aten::topk", "");
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> topk.call(Torch.ones(2), 1.5, 0, true, true));
        assertEquals("expected an integer, not 1.5", e.getMessage());
        Operator zeros = Operator.find("aten::zeros", "");
        Tensor made = (Tensor)
                zeros.call(new long[] {2}, DType.INT16, null, Device.CPU, false).get(0);
        assertEquals(DType.INT16, made.dtype());
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        TorchException e = assertThrows(TorchException.class, () -> Operator.find("aten::nonesuch", ""));
        assertTrue(e.getMessage().contains("nonesuch"), e.getMessage());
        Operator neg = Operator.find("aten::neg", "");
        IllegalArgumentException few = assertThrows(IllegalArgumentException.class, neg::call);
        assertEquals("aten::neg takes 1 arguments, not 0: aten::neg(Tensor self) -> Tensor", few.getMessage());
        assertThrows(TorchException.class, () -> neg.call("text"));
        IllegalArgumentException bad = assertThrows(IllegalArgumentException.class, () -> neg.call(new Object()));
        assertEquals(
                "an operator takes tensors, numbers, booleans, strings, dtypes, devices, memory formats, generators, and "
                        + "lists and arrays of them, not a java.lang.Object",
                bad.getMessage());
    }
}
