package org.jtorch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.internal.TrustedOperators;
import org.junit.jupiter.api.Test;

/** Which arguments calls share, and that no call finds the tensors of another one. */
class PreparedArgumentsTest {

    private static final Operator ADD = Operator.find("aten::add", "Tensor");

    private final Tensor x = Torch.ones(2);

    private static boolean[] known(Operator operator, Object... values) {
        boolean[] all = new boolean[values.length];
        Arrays.fill(all, true);
        PreparedArguments prepared = new PreparedArguments(operator, values, all);
        for (int i = 0; i < all.length; i++) {
            all[i] = prepared.isKnown(i);
        }
        return all;
    }

    private PreparedArguments withAlpha(long alpha) {
        return new PreparedArguments(ADD, new Object[] {x, x, alpha}, new boolean[] {false, false, true});
    }

    @Test
    void aTensorIsNotShared() {
        boolean[] known = known(ADD, x, x, 2L);
        assertFalse(known[0] || known[1], "a tensor is shared");
        assertTrue(known[2], "a number is not shared");
    }

    @Test
    void aNumberInPlaceOfATensorIsSharedUnlessItIsWrittenOrReturned() {
        assertTrue(known(ADD, 1.0, 2.0, 2L)[1], "a number is not shared");
        boolean[] inPlace = known(Operator.find("aten::add_", "Tensor"), 1.0, 2.0, 2L);
        assertFalse(inPlace[0], "a number that is written is shared");
        assertTrue(inPlace[1], "a number that is only read is not shared");
        assertFalse(
                known(Operator.find("aten::view", ""), 1.0, new long[] {1})[0], "a number that is returned is shared");
        Operator noisy = Operator.find("aten::rrelu_with_noise", "");
        assertTrue(noisy.schema().contains("Tensor(b!) noise"), noisy.schema());
        assertFalse(
                known(noisy, 1.0, 1.0, 0.1, 0.3, false, null)[1], "a number that is written, not returned, is shared");
    }

    @Test
    void whatChangesAtEachCallIsNotPrepared() {
        PreparedArguments prepared = withAlpha(3);
        assertFalse(prepared.isKnown(0) || prepared.isKnown(1), "it is prepared");
        try (IValueVector stack = prepared.take()) {
            assertEquals(3, stack.size());
            assertTrue(stack.get(0).isNone() && stack.get(1).isNone(), "a place is not empty");
            assertEquals(3, stack.get(2).toInt());
        }
    }

    @Test
    void aStackIsUsedAgainWithoutTheTensorsOfTheLastCall() {
        PreparedArguments prepared = withAlpha(3);
        IValueVector stack = prepared.take();
        try (IValue value = new IValue(x.handle())) {
            stack.put(0, value);
        }
        prepared.give(stack);
        IValueVector again = prepared.take();
        assertSame(stack, again);
        assertTrue(again.get(0).isNone(), "the tensor of the last call is still there");
        assertEquals(3, again.get(2).toInt());
        again.close();
    }

    @Test
    void callsAtTheSameTimeHaveStacksOfTheirOwn() {
        PreparedArguments prepared = withAlpha(3);
        IValueVector one = prepared.take();
        IValueVector other = prepared.take();
        assertNotSame(one, other);
        prepared.give(one);
        prepared.give(other);
        assertTrue(one.isNull(), "the stack that is not needed is not closed");
        assertSame(other, prepared.take());
        try (IValueVector third = prepared.take()) {
            assertNotSame(other, third);
        }
        other.close();
    }

    @Test
    void anArgumentOfAnotherKindIsRefused() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> new PreparedArguments(ADD, new Object[] {x, x, "two"}, new boolean[] {false, false, true}));
        assertTrue(String.valueOf(e.getMessage()).contains("alpha"), e.toString());
    }

    @Test
    void aNumberThatWasPreparedInInferenceModeServesTraining() {
        Operator mul = Operator.find("aten::mul", "Tensor");
        UnaryOperator<Object[]> prepared;
        try (GradMode mode = Autograd.inferenceMode()) {
            prepared = TrustedOperators.prepared(mul, new Object[] {x, 2.0}, new boolean[] {false, true});
        }
        Tensor weight = Torch.full(new long[] {2}, 3.0).requiresGrad_();
        Tensor product = (Tensor) prepared.apply(new Object[] {weight, 2.0})[0];
        product.sum().backward();
        assertTrue(product.detach().equal(Torch.full(new long[] {2}, 6.0)), product.toString());
        assertTrue(weight.grad().equal(Torch.full(new long[] {2}, 2.0)), String.valueOf(weight.grad()));
    }
}
