package org.jtorch.models.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.models.bert.BertForSequenceClassification;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.resnet.ResNet;
import org.jtorch.models.resnet.ResNetConfig;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.utils.ClipGrad;
import org.jtorch.optim.AdamW;
import org.jtorch.optim.Params;
import org.jtorch.optim.SGD;
import org.jtorch.optim.lrscheduler.LambdaLR;
import org.junit.jupiter.api.Test;

/** Trains public models further, and compares the losses with those of {@code parity/record/fine_tuning.py}. */
class FineTuningTest {

    private static final Path RESOURCES = Path.of("src/test/resources");

    private static final int STEPS = 50;

    private interface Step {
        Tensor loss(int step);
    }

    private static void compare(String name, double tolerance, Step model, Runnable update) throws IOException {
        double[] expected = new ObjectMapper()
                .convertValue(
                        new ObjectMapper()
                                .readTree(RESOURCES.resolve("fine_tuning.json").toFile())
                                .get(name),
                        double[].class);
        assertEquals(STEPS, expected.length);
        for (int step = 0; step < STEPS; step++) {
            try (TensorScope scope = new TensorScope()) {
                Tensor loss = model.loss(step);
                loss.backward();
                update.run();
                assertEquals(
                        expected[step],
                        loss.item(),
                        tolerance * Math.max(1, expected[step]),
                        name + " at step " + step);
            }
        }
        assertTrue(expected[STEPS - 1] < 0.7 * expected[0], "the recorded model should have learned");
    }

    @Test
    void bertLearnsAsInPython() throws IOException {
        BertForSequenceClassification bert =
                BertForSequenceClassification.fromPretrained(RESOURCES.resolve("families/bert_classifier"));
        bert.train();
        List<Parameter> decayed =
                bert.parameters().stream().filter(p -> p.dim() > 1).toList();
        List<Parameter> others =
                bert.parameters().stream().filter(p -> p.dim() <= 1).toList();
        AdamW optimizer = new AdamW(
                o -> o.lr(5e-3).weightDecay(0.01),
                List.of(Params.of(decayed), Params.of(others, g -> g.weightDecay(0))));
        LambdaLR schedule =
                new LambdaLR(optimizer, step -> Math.min(1, (step + 1) / 10.0) * (1 - step / (2.0 * STEPS)));
        Torch.manualSeed(0);
        compare(
                "bert",
                1e-4,
                step -> {
                    Tensor ids = Torch.arange(8 * 12)
                            .reshape(8, 12)
                            .mul(7)
                            .add(step * 13)
                            .remainder(50)
                            .add(5);
                    Tensor lengths =
                            Torch.arange(8).unsqueeze(1).add(step).remainder(7).add(6);
                    Tensor mask = Torch.arange(12).unsqueeze(0).lt(lengths).int64();
                    optimizer.zeroGrad();
                    return F.crossEntropy(
                            bert.call(new EncoderInput(ids, mask)),
                            ids.select(1, 0).remainder(3));
                },
                () -> {
                    ClipGrad.clipGradNorm_(bert.parameters(), 1);
                    optimizer.step();
                    schedule.step();
                });
    }

    /** The recorded rate is low, since rounding grows with the steps and differs between processors, in PyTorch too. */
    @Test
    void resnetLearnsAsInPython() throws IOException {
        resnet("resnet", DType.FLOAT32, 2e-4, 1e-4);
    }

    @Test
    void resnetLearnsAsInPythonInFloat64() throws IOException {
        resnet("resnet_float64", DType.FLOAT64, 1e-3, 1e-9);
    }

    private static void resnet(String name, DType dtype, double lr, double tolerance) throws IOException {
        ResNet resnet = new ResNet(
                new ResNetConfig(Map.of("block", "BasicBlock", "layers", List.of(2, 1, 1, 1), "num_classes", 10)));
        Noise.fill(resnet);
        resnet.to(dtype);
        resnet.train();
        SGD optimizer = new SGD(resnet.parameters(), o -> o.lr(lr).momentum(0.9).weightDecay(1e-4));
        compare(
                name,
                tolerance,
                step -> {
                    Tensor images = Torch.tensor(Noise.of("images " + step % 5, 4 * 3 * 64 * 64))
                            .to(dtype)
                            .reshape(4, 3, 64, 64);
                    Tensor labels = Torch.arange(4).mul(3).add(step % 5).remainder(10);
                    optimizer.zeroGrad();
                    return F.crossEntropy(resnet.call(images), labels);
                },
                optimizer::step);
    }
}
