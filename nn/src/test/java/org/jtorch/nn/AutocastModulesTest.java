package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.amp.Autocast;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.utils.Checkpointing;
import org.junit.jupiter.api.Test;

class AutocastModulesTest {

    private final Linear model = new Linear(600, 600); // large enough for oneDNN's product in float32
    private final Tensor x = Torch.randn(3, 600);

    @Test
    void inferRunsInTheLowerPrecisionAndReturnsTheSameBits() {
        try (Autocast autocast = Autocast.cpu()) {
            Tensor recorded = model.call(x);
            assertEquals(DType.BFLOAT16, recorded.dtype());
            assertTrue(recorded.equal(model.infer(x).clone()));
            recorded.sum().backward(); // the cast that infer made is not used
        }
        assertEquals(DType.FLOAT32, model.weight.grad().dtype());
        assertEquals(DType.FLOAT32, model.infer(x).dtype());
    }

    @Test
    void aCheckpointRunsAgainUnderAutocast() {
        Tensor given = x.clone().requiresGrad_();
        Tensor result;
        try (Autocast autocast = Autocast.cpu()) {
            result = Checkpointing.checkpoint(model, given);
        }
        assertEquals(DType.BFLOAT16, result.dtype());
        result.sum().backward(); // fails if the second run has another dtype
        Tensor plain = x.clone().requiresGrad_();
        try (Autocast autocast = Autocast.cpu()) {
            result = model.call(plain);
        }
        result.sum().backward();
        assertTrue(plain.grad().equal(given.grad()));
    }

    @Test
    void parametersKeepTheirDtype() {
        try (Autocast autocast = new Autocast(Device.CPU, o -> o.dtype(DType.FLOAT16))) {
            model.call(x);
            model.stateDict().values().forEach(tensor -> assertEquals(DType.FLOAT32, tensor.dtype()));
            Tensor before = model.infer(x).to(DType.FLOAT32);
            model.loadStateDict(new Linear(600, 600).stateDict());
            assertTrue(before.sub(model.infer(x)).abs().max().item() > 0.01, "the loaded weights are used");
        }
    }
}
