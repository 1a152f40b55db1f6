package org.jtorch.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.amp.Autocast;
import org.jtorch.nn.Module;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.flatten.Flatten;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm2d;
import org.jtorch.nn.pooling.MaxPool2d;
import org.jtorch.nn.transformer.TransformerEncoderLayer;
import org.jtorch.optim.AdamW;
import org.jtorch.optim.Optimizer;
import org.jtorch.optim.SGD;
import org.jtorch.optim.amp.GradScaler;
import org.junit.jupiter.api.Test;

/** Training under autocast has PyTorch's losses over 100 steps, as parity/record/autocast.py recorded them. */
class AutocastCurvesTest {

    private static final class Encoder extends Module<Tensor, Tensor> {
        TransformerEncoderLayer layer = new TransformerEncoderLayer(
                16, 2, o -> o.dimFeedforward(32).dropout(0.0).batchFirst(true));
        Linear head = new Linear(16, 4);

        @Override
        protected Tensor forward(Tensor x) {
            return head.call(layer.call(x).mean(new long[] {1}));
        }
    }

    private static Module<Tensor, Tensor> mlp() {
        return new Sequential(new Linear(8, 32), new ReLU(), new Linear(32, 4));
    }

    private static Module<Tensor, Tensor> cnn() {
        return new Sequential(
                new Conv2d(1, 4, 3, o -> o.padding(1)),
                new BatchNorm2d(4),
                new ReLU(),
                new MaxPool2d(2),
                new Flatten(),
                new Linear(64, 4));
    }

    @Test
    void anMlpWithAdamW() throws IOException {
        Torch.manualSeed(7);
        Module<Tensor, Tensor> model = mlp();
        run("mlp_adamw", model, new AdamW(model.parameters(), o -> o.lr(1e-2)), DType.BFLOAT16, false, 16, 8);
    }

    @Test
    void aCnnWithSgd() throws IOException {
        Torch.manualSeed(7);
        Module<Tensor, Tensor> model = cnn();
        SGD optimizer = new SGD(model.parameters(), o -> o.lr(1e-2).momentum(0.9));
        run("cnn_sgd", model, optimizer, DType.BFLOAT16, false, 16, 1, 8, 8);
    }

    @Test
    void aTransformerWithAdamW() throws IOException {
        Torch.manualSeed(7);
        Module<Tensor, Tensor> model = new Encoder();
        AdamW optimizer = new AdamW(model.parameters(), o -> o.lr(1e-3));
        run("transformer_adamw", model, optimizer, DType.BFLOAT16, false, 16, 5, 16);
    }

    @Test
    void anMlpInFloat16WithScaledGradients() throws IOException {
        Torch.manualSeed(7);
        Module<Tensor, Tensor> model = mlp();
        SGD optimizer = new SGD(model.parameters(), o -> o.lr(1e-2).momentum(0.9));
        run("mlp_scaled_sgd", model, optimizer, DType.FLOAT16, true, 16, 8);
    }

    private static void run(
            String name,
            Module<Tensor, Tensor> model,
            Optimizer<?> optimizer,
            DType dtype,
            boolean scaled,
            long... shape)
            throws IOException {
        JsonNode expected;
        try (InputStream in = AutocastCurvesTest.class.getResourceAsStream("/autocast/curves.json")) {
            expected = new ObjectMapper().readTree(in).get("curves").get(name);
        }
        List<Tensor> batches = new ArrayList<>();
        List<Tensor> labels = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            batches.add(Torch.randn(shape));
        }
        for (int i = 0; i < 4; i++) {
            labels.add(Torch.randint(0, 4, shape[0]));
        }
        GradScaler scaler = new GradScaler(
                Device.CPU, o -> o.initScale(0x1p24).growthInterval(8).enabled(scaled));
        for (int step = 0; step < 100; step++) {
            try (TensorScope scope = new TensorScope()) {
                optimizer.zeroGrad();
                Tensor loss;
                try (Autocast autocast = new Autocast(Device.CPU, o -> o.dtype(dtype))) {
                    loss = F.crossEntropy(model.call(batches.get(step % 4)), labels.get(step % 4));
                }
                scaler.scale(loss).backward();
                scaler.step(optimizer);
                scaler.update();
                double want = expected.get("losses").get(step).asDouble();
                assertEquals(want, loss.item(), 1e-2 * want, name + ", loss of step " + step);
                assertEquals(expected.get("scales").get(step).asDouble(), scaler.getScale(), "scale of step " + step);
            }
        }
    }
}
