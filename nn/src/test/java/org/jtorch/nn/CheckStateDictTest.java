package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.state.StateDict;
import org.jtorch.nn.state.StateDictException;
import org.junit.jupiter.api.Test;

/** {@link Module#checkStateDict} says what a load would say, and changes nothing. */
class CheckStateDictTest {

    /** A layer with a state that is not a tensor. */
    private static final class Counting extends Module<Tensor, Tensor> {
        final Linear layer = new Linear(2, 2);
        long count = 1;

        @Override
        protected Tensor forward(Tensor x) {
            return layer.call(x);
        }

        @Override
        public @Nullable Object getExtraState() {
            return count;
        }

        @Override
        public void setExtraState(@Nullable Object state) {
            count = (Long) state;
        }
    }

    @Test
    void aStateThatFitsChangesNothing() {
        Counting source = new Counting();
        source.count = 7;
        Counting module = new Counting();
        double[] before = module.layer.weight.toDoubleArray();
        module.checkStateDict(source.stateDict());
        assertArrayEquals(before, module.layer.weight.toDoubleArray());
        assertEquals(1, module.count);
        module.loadStateDict(source.stateDict());
        assertEquals(7, module.count);
    }

    @Test
    void whatDoesNotFitIsNamed() {
        StateDict state = new Counting().stateDict();
        state.remove("layer.bias");
        state.put("layer.weight", Torch.ones(3, 3));
        Counting module = new Counting();
        StateDictException e = assertThrows(StateDictException.class, () -> module.checkStateDict(state));
        assertTrue(e.getMessage().contains("layer.bias") && e.getMessage().contains("size mismatch"), e.getMessage());
        assertEquals(1, module.count);
    }
}
