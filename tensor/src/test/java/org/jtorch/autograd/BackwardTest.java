package org.jtorch.autograd;

import static org.jtorch.autograd.Values.assertValues;
import static org.jtorch.autograd.Values.leaf;
import static org.jtorch.autograd.Values.of;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.junit.jupiter.api.Test;

class BackwardTest {

    private static String messageOf(Runnable failing) {
        return String.valueOf(assertThrows(TorchException.class, failing::run).getMessage());
    }

    @Test
    void accumulatesIntoLeaves() {
        Tensor x = leaf(1, 2, 3);
        x.mul(x).sum().backward();
        assertValues(x.grad(), 2, 4, 6);
        x.mul(x).sum().backward();
        assertValues(x.grad(), 4, 8, 12);
    }

    @Test
    void takesAGradientForOtherThanScalars() {
        Tensor x = leaf(1, 2, 3);
        x.mul(2).backward(of(1, 10, 100));
        assertValues(x.grad(), 2, 20, 200);
    }

    @Test
    void keepsTheGraphWhenAsked() {
        Tensor x = leaf(1, 2);
        Tensor y = x.mul(x).sum();
        y.backward(null, true, false);
        y.backward();
        assertValues(x.grad(), 4, 8);
        assertTrue(messageOf(y::backward).startsWith("Trying to backward through the graph a second time"));
    }

    @Test
    void createsAGraphOfTheGradients() {
        Tensor x = leaf(1, 2);
        Tensor first = Autograd.grad(x.mul(x).mul(x).sum(), x, true);
        assertValues(first, 3, 12);
        assertValues(Autograd.grad(first.sum(), x), 6, 12);
    }

    @Test
    void backwardCreatesAGraphToo() {
        Tensor x = leaf(1, 2);
        x.mul(x).sum().backward(null, false, true);
        Tensor grad = x.grad();
        assertTrue(grad != null && grad.requiresGrad());
        x.setGrad(null);
        grad.sum().backward();
        assertValues(x.grad(), 2, 2);
    }

    @Test
    void gradReturnsAndAccumulatesNothing() {
        Tensor x = leaf(1, 2);
        Tensor w = leaf(3, 4);
        List<Tensor> grads = Autograd.grad(List.of(x.mul(w).sum()), List.of(x, w));
        assertValues(grads.get(0), 3, 4);
        assertValues(grads.get(1), 1, 2);
        assertNull(x.grad());
    }

    @Test
    void gradTakesSeveralOutputsAndTheirGradients() {
        Tensor x = leaf(1, 2);
        List<Tensor> grads = new ArrayList<>(Autograd.grad(
                List.of(x.mul(2), x.sum()), List.of(x), Arrays.asList(of(1, 10), null), false, false, false));
        assertValues(grads.get(0), 3, 21);
    }

    @Test
    void unusedInputsAreNullWhereAllowed() {
        Tensor x = leaf(1, 2);
        Tensor unused = leaf(5);
        List<Tensor> grads =
                Autograd.grad(List.of(x.sum()), List.of(x, unused), Arrays.asList((Tensor) null), false, false, true);
        assertValues(grads.get(0), 1, 1);
        assertNull(grads.get(1));
        assertTrue(messageOf(() -> Autograd.grad(List.of(x.sum()), List.of(x, unused)))
                .contains("appears to not have been used in the graph"));
    }

    @Test
    void accumulatesIntoSomeInputsOnly() {
        Tensor x = leaf(1, 2);
        Tensor w = leaf(3, 4);
        Autograd.backward(List.of(x.mul(w).sum()), Arrays.asList((Tensor) null), false, false, List.of(w));
        assertNull(x.grad());
        assertValues(w.grad(), 1, 2);
    }

    @Test
    void saysWhatPyTorchSays() {
        Tensor x = leaf(1, 2, 3);
        assertEquals("grad can be implicitly created only for scalar outputs", messageOf(x.mul(2)::backward));
        assertEquals(
                "element 0 of tensors does not require grad and does not have a grad_fn", messageOf(of(1)::backward));
        assertEquals(
                "Mismatch in shape: grad_output[0] has a shape of torch.Size([2]) and output[0] has a shape of"
                        + " torch.Size([3]).",
                messageOf(() -> x.mul(2).backward(of(1, 1))));
        assertEquals(
                "One of the differentiated Tensors does not require grad",
                messageOf(() -> Autograd.grad(x.sum(), of(1))));
        assertEquals(
                "`inputs` argument to `grad()` cannot be empty.",
                messageOf(() -> Autograd.grad(List.of(x.sum()), List.of())));
        assertEquals("can't retain_grad on Tensor that has requires_grad=False", messageOf(of(1)::retainGrad));
    }

    @Test
    void retainsTheGradientOfAComputedTensor() {
        Tensor x = leaf(1, 2);
        Tensor y = x.mul(3);
        assertFalse(y.retainsGrad());
        y.retainGrad();
        assertTrue(y.retainsGrad());
        y.mul(y).sum().backward();
        assertValues(y.grad(), 6, 12);
        x.retainGrad();
        assertFalse(x.retainsGrad(), "a leaf has its gradient anyway");
    }

    @Test
    void noticesValuesChangedInPlace() {
        Tensor x = leaf(1, 2);
        Tensor y = x.mul(2).exp();
        y.add_(1);
        assertTrue(messageOf(y.sum()::backward).contains("has been modified by an inplace operation"));
    }
}
