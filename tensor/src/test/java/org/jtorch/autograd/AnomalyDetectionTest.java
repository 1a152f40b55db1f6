package org.jtorch.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.junit.jupiter.api.Test;

/** The texts are what PyTorch 2.14 says. */
class AnomalyDetectionTest {

    private static final String NAN = "Function 'SqrtBackward0' returned nan values in its 0th output.";

    private static TorchException failure(Tensor loss) {
        return assertThrows(TorchException.class, loss::backward);
    }

    private static void assertCalledIn(String method, TorchException e) {
        Throwable cause = e.getCause();
        assertNotNull(cause, () -> "no cause: " + e);
        assertTrue(
                Arrays.stream(cause.getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals(method)
                                && frame.getClassName().equals(AnomalyDetectionTest.class.getName())),
                () -> Arrays.toString(cause.getStackTrace()));
    }

    private static Tensor innocentRoot(Tensor x) {
        return x.add(1).sqrt();
    }

    private static Tensor guiltyRoot(Tensor x) {
        return x.sqrt();
    }

    @Test
    void aNanInABackwardFailsAndShowsTheCall() {
        try (AnomalyDetection detection = Autograd.detectAnomaly()) {
            Tensor x = Torch.zeros(2).requiresGrad_();
            Tensor loss = innocentRoot(x)
                    .add(guiltyRoot(x).mul(0))
                    .add(innocentRoot(x))
                    .sum();
            TorchException e = failure(loss);
            assertEquals(NAN, e.getMessage());
            assertCalledIn("guiltyRoot", e);
            assertEquals(
                    "the backward of aten::sqrt failed; it was called here",
                    e.getCause().getMessage());
        }
    }

    @Test
    void gradFindsItToo() {
        try (AnomalyDetection detection = Autograd.detectAnomaly()) {
            Tensor x = Torch.zeros(2).requiresGrad_();
            Tensor loss = guiltyRoot(x).mul(0).sum();
            TorchException e = assertThrows(TorchException.class, () -> Autograd.grad(loss, x));
            assertEquals(NAN, e.getMessage());
            assertCalledIn("guiltyRoot", e);
        }
    }

    @Test
    void withoutItsForwardTheCallIsNotKnown() {
        Tensor x = Torch.zeros(2).requiresGrad_();
        Tensor root = guiltyRoot(x);
        try (AnomalyDetection detection = Autograd.detectAnomaly()) {
            TorchException e = failure(root.mul(0).sum());
            assertEquals(NAN, e.getMessage());
            assertNull(e.getCause());
        }
    }

    @Test
    void nansNeedNotBeLookedFor() {
        try (AnomalyDetection detection = Autograd.detectAnomaly(false)) {
            Tensor x = Torch.zeros(2).requiresGrad_();
            guiltyRoot(x).mul(0).sum().backward();
            assertTrue(Double.isNaN(x.grad().sum().item()));
        }
    }

    private static Tensor exponential(Tensor x) {
        return x.exp();
    }

    @Test
    void aChangeInPlaceShowsTheCallWhoseBackwardItHurts() {
        Tensor x = Torch.ones(2).requiresGrad_();
        Tensor y = exponential(x);
        y.mul_(2);
        assertEquals(
                "one of the variables needed for gradient computation has been modified by an inplace operation:"
                        + " [torch.FloatTensor [2]], which is output 0 of ExpBackward0, is at version 1; expected version 0"
                        + " instead. Hint: enable anomaly detection to find the operation that failed to compute its gradient,"
                        + " with Autograd.detectAnomaly().",
                failure(y.sum()).getMessage());
        try (AnomalyDetection detection = Autograd.detectAnomaly()) {
            Tensor z = exponential(x);
            z.mul_(2);
            TorchException e = failure(z.sum());
            assertTrue(e.getMessage().contains("the cause of this exception shows the call"), e.getMessage());
            assertCalledIn("exponential", e);
        }
    }

    private static final class Mul extends Function {
        @Override
        protected List<Tensor> forward(Context ctx, List<Tensor> inputs) {
            return List.of(inputs.get(0).mul(inputs.get(1)));
        }

        @Override
        protected List<? extends @Nullable Tensor> backward(Context ctx, List<? extends @Nullable Tensor> grads) {
            Tensor grad = grads.get(0);
            return Arrays.asList(grad, grad == null ? null : grad.mul(Double.NaN));
        }
    }

    private static Tensor custom(Tensor x, Tensor y) {
        return new Mul().apply(x, y);
    }

    @Test
    void aCustomFunctionIsNamedAndItsCallShown() {
        try (AnomalyDetection detection = Autograd.detectAnomaly()) {
            Tensor x = Torch.ones(2).requiresGrad_();
            Tensor y = Torch.ones(2).requiresGrad_();
            TorchException e = failure(custom(x, y).sum());
            assertEquals("Function 'MulBackward' returned nan values in its 1th output.", e.getMessage());
            assertCalledIn("custom", e);
        }
    }

    @Test
    void aHooksFailureStaysTheCause() {
        try (AnomalyDetection detection = Autograd.detectAnomaly()) {
            IllegalStateException thrown = new IllegalStateException("mine");
            Tensor x = Torch.ones(2).requiresGrad_();
            Tensor y = x.mul(2);
            y.registerHook(grad -> {
                throw thrown;
            });
            assertSame(thrown, failure(y.sum()).getCause());
        }
    }

    @Test
    void itIsOnUntilTheLastHasClosedIt() {
        assertFalse(Autograd.isAnomalyEnabled());
        AnomalyDetection outer = Autograd.detectAnomaly(false);
        AnomalyDetection inner = Autograd.detectAnomaly();
        assertTrue(Autograd.isAnomalyCheckNanEnabled());
        inner.close();
        inner.close();
        assertTrue(Autograd.isAnomalyEnabled());
        assertFalse(Autograd.isAnomalyCheckNanEnabled());
        outer.close();
        assertFalse(Autograd.isAnomalyEnabled());
        Tensor x = Torch.zeros(2).requiresGrad_();
        guiltyRoot(x).mul(0).sum().backward();
        assertTrue(Double.isNaN(x.grad().sum().item()));
    }

    @Test
    void backwardsOfBackwardsAreWatched() {
        try (AnomalyDetection detection = Autograd.detectAnomaly()) {
            Tensor x = Torch.ones(1).requiresGrad_();
            Tensor first = Autograd.grad(x.mul(x).mul(x).sum(), x, true);
            assertEquals(6, Autograd.grad(first.sum(), x).item());
        }
    }
}
