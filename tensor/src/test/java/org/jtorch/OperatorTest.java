package org.jtorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
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
    void refusesWhatItDoesNotKnow() {
        TorchException e = assertThrows(TorchException.class, () -> Operator.find("aten::nonesuch", ""));
        assertTrue(e.getMessage().contains("nonesuch"), e.getMessage());
        Operator neg = Operator.find("aten::neg", "");
        IllegalArgumentException few = assertThrows(IllegalArgumentException.class, neg::call);
        assertEquals("aten::neg takes 1 arguments, not 0: aten::neg(Tensor self) -> Tensor", few.getMessage());
        assertThrows(TorchException.class, () -> neg.call("text"));
        IllegalArgumentException bad = assertThrows(IllegalArgumentException.class, () -> neg.call(new Object()));
        assertEquals(
                "an operator takes tensors, lists of tensors, numbers, booleans, strings and dtypes, not a java.lang.Object",
                bad.getMessage());
    }
}
