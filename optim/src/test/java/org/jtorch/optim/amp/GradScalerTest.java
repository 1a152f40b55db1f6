package org.jtorch.optim.amp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.optim.SGD;
import org.junit.jupiter.api.Test;

/** The messages are those of PyTorch's torch/amp/grad_scaler.py. */
class GradScalerTest {

    private final Tensor weight = Torch.ones(2).requiresGrad_();
    private final SGD optimizer = new SGD(List.of(weight), o -> o.lr(1));
    private final GradScaler scaler =
            new GradScaler(Device.CPU, o -> o.initScale(4).growthInterval(2));

    private void backward(double factor) {
        optimizer.zeroGrad();
        scaler.scale(weight.mul(factor).sum()).backward();
    }

    private String refusal(Runnable call) {
        return assertThrows(IllegalStateException.class, call::run).getMessage();
    }

    @Test
    void stepsByUnscaledGradients() {
        backward(0.25);
        assertArrayEquals(new float[] {1, 1}, weight.grad().toFloatArray());
        scaler.unscale_(optimizer);
        assertArrayEquals(new float[] {0.25f, 0.25f}, weight.grad().toFloatArray());
        assertTrue(scaler.step(optimizer));
        assertArrayEquals(new float[] {0.75f, 0.75f}, weight.toFloatArray());
        scaler.update();
        assertEquals(4, scaler.getScale());
        backward(0.25);
        assertTrue(scaler.step(optimizer));
        scaler.update();
        assertArrayEquals(new float[] {0.5f, 0.5f}, weight.toFloatArray());
        assertEquals(8, scaler.getScale()); // grown after two updates
    }

    @Test
    void skipsAStepIfAGradientIsNotFinite() {
        for (double factor : new double[] {Double.POSITIVE_INFINITY, Double.NaN}) {
            backward(factor);
            assertFalse(scaler.step(optimizer));
            scaler.update();
        }
        assertArrayEquals(new float[] {1, 1}, weight.toFloatArray());
        assertEquals(1, scaler.getScale());
    }

    @Test
    void oneOptimizerOfSeveralIsSkipped() {
        Tensor other = Torch.ones(2).requiresGrad_();
        SGD second = new SGD(List.of(other), o -> o.lr(1));
        List<Tensor> losses = scaler.scale(List.of(
                weight.mul(Double.POSITIVE_INFINITY).sum(), other.mul(0.5).sum()));
        losses.forEach(Tensor::backward);
        assertFalse(scaler.step(optimizer));
        assertTrue(scaler.step(second));
        scaler.update();
        assertArrayEquals(new float[] {0.5f, 0.5f}, other.toFloatArray());
        assertEquals(2, scaler.getScale());
    }

    @Test
    void theOrderOfCallsIsChecked() {
        assertEquals(
                "Attempted step but _scale is None.  This may indicate your script did not use"
                        + " scaler.scale(loss or outputs) earlier in the iteration.",
                refusal(() -> scaler.step(optimizer)));
        backward(1);
        assertEquals("No inf checks were recorded prior to update.", refusal(scaler::update));
        scaler.unscale_(optimizer);
        assertEquals(
                "unscale_() has already been called on this optimizer since the last update().",
                refusal(() -> scaler.unscale_(optimizer)));
        scaler.step(optimizer);
        assertEquals("unscale_() is being called after step().", refusal(() -> scaler.unscale_(optimizer)));
        assertEquals("step() has already been called since the last update().", refusal(() -> scaler.step(optimizer)));
        scaler.update();
        optimizer.zeroGrad();
        assertEquals("No inf checks were recorded for this optimizer.", refusal(() -> scaler.step(optimizer)));
    }

    @Test
    void complexGradientsAreRefusedAndNothingChanges() {
        Tensor complex = Torch.ones(2).to(DType.COMPLEX64).requiresGrad_();
        SGD both = new SGD(List.of(weight, complex), o -> o.lr(1));
        scaler.scale(weight.sum().add(complex.abs().sum())).backward();
        assertTrue(refusal(() -> scaler.unscale_(both)).startsWith("Attempting to unscale complex gradients"));
        assertArrayEquals(new float[] {4, 4}, weight.grad().toFloatArray());
    }

    @Test
    void gradientsThatCannotBeWrittenToAreRefusedAndNothingChanges() {
        Tensor other =
                Torch.ones(new long[] {2}, TensorOptions.of(DType.FLOAT64)).requiresGrad_();
        SGD both = new SGD(List.of(weight, other), o -> o.lr(1));
        Tensor expanded =
                Torch.ones(new long[] {1}, TensorOptions.of(DType.FLOAT64)).expand(2);
        Tensor inference;
        try (GradMode mode = Autograd.inferenceMode()) {
            inference = Torch.ones(new long[] {2}, TensorOptions.of(DType.FLOAT64));
        }
        for (Tensor gradient : List.of(expanded, inference)) {
            backward(1);
            other.setGrad(gradient);
            String message = refusal(() -> scaler.unscale_(both));
            assertTrue(message.startsWith("Attempting to unscale"), message);
            assertTrue(message.contains("clone"), message);
            assertArrayEquals(new float[] {4, 4}, weight.grad().toFloatArray());
        }
        other.setGrad(expanded.clone());
        scaler.unscale_(both);
        assertArrayEquals(new float[] {1, 1}, weight.grad().toFloatArray());
        assertArrayEquals(new double[] {0.25, 0.25}, other.grad().toDoubleArray());
    }

    @Test
    void float16GradientsAreRefusedAndNothingChanges() {
        Tensor half = Torch.ones(2).to(DType.FLOAT16).requiresGrad_();
        SGD both = new SGD(List.of(weight, half), o -> o.lr(1));
        scaler.scale(weight.sum().add(half.sum())).backward();
        assertEquals("Attempting to unscale FP16 gradients.", refusal(() -> scaler.unscale_(both)));
        assertArrayEquals(new float[] {4, 4}, weight.grad().toFloatArray());
    }

    @Test
    void sparseGradientsAreUnscaled() {
        Tensor table = Torch.ones(3, 2).requiresGrad_();
        Tensor indices = Torch.tensor(new long[] {1, 1}, 2);
        scaler.scale(table.embedding(indices, -1, false, true).sum()).backward();
        SGD sparse = new SGD(List.of(table), o -> o.lr(1));
        scaler.unscale_(sparse);
        assertArrayEquals(
                new float[] {0, 0, 2, 2, 0, 0},
                table.grad().toDense().reshape(6).toFloatArray());
    }

    @Test
    void theScaleCanBeSet() {
        backward(1);
        scaler.update(16.0);
        assertEquals(16, scaler.getScale());
        scaler.update(Torch.tensor(new float[] {32}, 1));
        assertEquals(32, scaler.getScale());
        assertThrows(IllegalArgumentException.class, () -> scaler.update(Torch.ones(2)));
        assertThrows(
                IllegalArgumentException.class,
                () -> scaler.update(Torch.ones(1).requiresGrad_()));
        assertEquals(32, scaler.getScale());
    }

    @Test
    void theStateIsPyTorchs() {
        backward(1);
        scaler.step(optimizer);
        scaler.update();
        assertEquals(
                Map.of(
                        "scale",
                        4.0,
                        "growth_factor",
                        2.0,
                        "backoff_factor",
                        0.5,
                        "growth_interval",
                        2L,
                        "_growth_tracker",
                        1L),
                scaler.stateDict());
        GradScaler restored = new GradScaler(Device.CPU);
        restored.loadStateDict(scaler.stateDict());
        assertEquals(scaler.stateDict(), restored.stateDict());
        assertThrows(IllegalArgumentException.class, () -> restored.loadStateDict(Map.of()));
        assertThrows(IllegalArgumentException.class, () -> restored.loadStateDict(Map.of("scale", 1.0)));
        assertEquals(scaler.stateDict(), restored.stateDict());
    }

    @Test
    void aDisabledScalerOnlySteps() {
        GradScaler off = new GradScaler(Device.CPU, o -> o.enabled(false));
        Tensor loss = weight.sum();
        assertSame(loss, off.scale(loss));
        loss.backward();
        off.unscale_(optimizer);
        assertTrue(off.step(optimizer));
        off.update();
        assertArrayEquals(new float[] {0, 0}, weight.toFloatArray());
        assertEquals(1, off.getScale());
        assertEquals(Map.of(), off.stateDict());
        assertFalse(new GradScaler(Device.of("cuda")).isEnabled() && !org.jtorch.Cuda.isAvailable());
    }

    @Test
    void factorsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> new GradScaler(Device.CPU, o -> o.growthFactor(1)));
        assertThrows(IllegalArgumentException.class, () -> new GradScaler(Device.CPU, o -> o.backoffFactor(1)));
    }
}
