package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jtorch.DType;
import org.jtorch.Generator;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.init.FanMode;
import org.jtorch.nn.init.Init;
import org.jtorch.nn.init.Nonlinearity;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm2d;
import org.jtorch.nn.norm.LayerNorm;
import org.jtorch.nn.sparse.Embedding;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Initial values under a seed: PyTorch's, bit for bit. */
class InitTest {

    private static final Map<String, Supplier<Tensor>> INITS = new LinkedHashMap<>();
    private static final Map<String, Supplier<Module<?, ?>>> LAYERS = new LinkedHashMap<>();

    private static Tensor empty(long... shape) {
        return Torch.empty(shape);
    }

    private static Tensor empty(DType dtype, long... shape) {
        return Torch.empty(shape, TensorOptions.of(dtype));
    }

    static {
        INITS.put("init.uniform_(torch.empty(3, 5))", () -> Init.uniform_(empty(3, 5)));
        INITS.put("init.uniform_(torch.empty(3, 5), -2.0, 3.0)", () -> Init.uniform_(empty(3, 5), -2, 3));
        INITS.put("init.normal_(torch.empty(3, 4))", () -> Init.normal_(empty(3, 4)));
        INITS.put("init.normal_(torch.empty(5, 7), 1.0, 0.5)", () -> Init.normal_(empty(5, 7), 1, 0.5));
        INITS.put(
                "init.normal_(torch.empty(5, 7, dtype=torch.float64))", () -> Init.normal_(empty(DType.FLOAT64, 5, 7)));
        INITS.put("init.constant_(torch.empty(2), 0.3)", () -> Init.constant_(empty(2), 0.3));
        INITS.put("init.ones_(torch.empty(2))", () -> Init.ones_(empty(2)));
        INITS.put("init.zeros_(torch.empty(2))", () -> Init.zeros_(empty(2)));
        INITS.put("init.eye_(torch.empty(2, 3))", () -> Init.eye_(empty(2, 3)));
        INITS.put("init.xavier_uniform_(torch.empty(3, 5))", () -> Init.xavierUniform_(empty(3, 5)));
        INITS.put("init.xavier_uniform_(torch.empty(3, 2, 2), 1.5)", () -> Init.xavierUniform_(empty(3, 2, 2), 1.5));
        INITS.put("init.xavier_normal_(torch.empty(3, 5))", () -> Init.xavierNormal_(empty(3, 5)));
        INITS.put("init.xavier_normal_(torch.empty(3, 2, 2), 1.5)", () -> Init.xavierNormal_(empty(3, 2, 2), 1.5));
        INITS.put("init.kaiming_uniform_(torch.empty(3, 5))", () -> Init.kaimingUniform_(empty(3, 5)));
        INITS.put(
                "init.kaiming_uniform_(torch.empty(3, 2, 2), a=0.2, mode='fan_out')",
                () -> Init.kaimingUniform_(empty(3, 2, 2), o -> o.a(0.2).mode(FanMode.FAN_OUT)));
        INITS.put(
                "init.kaiming_uniform_(torch.empty(3, 5), nonlinearity='tanh')",
                () -> Init.kaimingUniform_(empty(3, 5), o -> o.nonlinearity(Nonlinearity.TANH)));
        INITS.put("init.kaiming_normal_(torch.empty(3, 5))", () -> Init.kaimingNormal_(empty(3, 5)));
        INITS.put(
                "init.kaiming_normal_(torch.empty(3, 2, 2), a=0.2, mode='fan_out')",
                () -> Init.kaimingNormal_(empty(3, 2, 2), o -> o.a(0.2).mode(FanMode.FAN_OUT)));
        INITS.put(
                "init.kaiming_normal_(torch.empty(3, 5), nonlinearity='relu')",
                () -> Init.kaimingNormal_(empty(3, 5), o -> o.nonlinearity(Nonlinearity.RELU)));
        INITS.put("init.trunc_normal_(torch.empty(4, 9))", () -> Init.truncNormal_(empty(4, 9)));
        INITS.put(
                "init.trunc_normal_(torch.empty(4, 9), mean=0.5, std=0.02, a=0.49, b=0.6)",
                () -> Init.truncNormal_(empty(4, 9), 0.5, 0.02, 0.49, 0.6));
        INITS.put(
                "init.trunc_normal_(torch.empty(4, 9), mean=0.0, std=1.0, a=2.0, b=3.0)",
                () -> Init.truncNormal_(empty(4, 9), 0, 1, 2, 3));
        INITS.put(
                "init.uniform_(torch.empty(3), 0.0, 1.0, generator=torch.Generator().manual_seed(7))",
                () -> Init.uniform_(empty(3), 0, 1, new Generator().manualSeed(7)));

        LAYERS.put("nn.Linear(5, 3)", () -> new Linear(5, 3));
        LAYERS.put("nn.Linear(5, 3, bias=False)", () -> new Linear(5, 3, o -> o.bias(false)));
        LAYERS.put("nn.Conv2d(4, 6, (2, 3), groups=2)", () -> new Conv2d(4, 6, new long[] {2, 3}, o -> o.groups(2)));
        LAYERS.put("nn.Conv2d(2, 2, 1, bias=False)", () -> new Conv2d(2, 2, 1, o -> o.bias(false)));
        LAYERS.put("nn.Embedding(5, 7, padding_idx=2)", () -> new Embedding(5, 7, o -> o.paddingIdx(2)));
        LAYERS.put("nn.BatchNorm2d(2)", () -> new BatchNorm2d(2));
        LAYERS.put("nn.LayerNorm((2, 2))", () -> new LayerNorm(new long[] {2, 2}));
        LAYERS.put(
                "nn.Sequential(nn.Conv2d(1, 2, 2), nn.BatchNorm2d(2), nn.Linear(2, 2))",
                () -> new Sequential(new Conv2d(1, 2, 2), new BatchNorm2d(2), new Linear(2, 2)));
        LAYERS.put("nn.Linear(3, 2, dtype=torch.float64)", () -> new Linear(3, 2, o -> o.dtype(DType.FLOAT64)));
    }

    @Test
    void everyRecordingIsTried() {
        assertEquals(Recording.read("init.txt").keySet(), INITS.keySet());
        assertEquals(Recording.read("init_layers.txt").keySet(), LAYERS.keySet());
    }

    @TestFactory
    Stream<DynamicTest> functionsGivePyTorchsBits() {
        return Recording.read("init.txt").entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> {
                    Torch.manualSeed(42);
                    assertEquals(
                            e.getValue(), Recording.bits(INITS.get(e.getKey()).get()));
                }));
    }

    @TestFactory
    Stream<DynamicTest> layersGivePyTorchsBits() {
        return Recording.read("init_layers.txt").entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> {
                    Torch.manualSeed(42);
                    StringJoiner state = new StringJoiner("\n");
                    LAYERS.get(e.getKey())
                            .get()
                            .stateDict()
                            .forEach((key, tensor) ->
                                    state.add(key + " " + tensor.dtype().torchName() + " "
                                            + Arrays.toString(tensor.shape()) + " " + Recording.bits(tensor)));
                    assertEquals(e.getValue(), state.toString());
                }));
    }

    @Test
    void gains() {
        for (Map.Entry<String, String> e : Recording.read("gains.txt").entrySet()) {
            String[] words = e.getKey().split(" ");
            Nonlinearity nonlinearity = Nonlinearity.valueOf(words[0].toUpperCase(Locale.ROOT));
            double gain = words.length == 1
                    ? Init.calculateGain(nonlinearity)
                    : Init.calculateGain(nonlinearity, Double.parseDouble(words[1]));
            assertEquals(Double.parseDouble(e.getValue()), gain, e.getKey());
        }
    }

    @Test
    void parametersAreFilledOutsideOfTheGraphAndGivenBack() {
        Parameter parameter = new Parameter(Torch.empty(3, 3));
        assertSame(parameter, Init.truncNormal_(parameter));
        assertSame(parameter, Init.eye_(parameter));
        assertTrue(parameter.isLeaf());
        assertTrue(parameter.requiresGrad());
    }

    @Test
    void withoutElementsNothingIsDone() {
        assertArrayEquals(
                new long[] {0, 3}, Init.kaimingUniform_(Torch.empty(0, 3)).shape());
        assertArrayEquals(
                new long[] {3, 0}, Init.kaimingNormal_(Torch.empty(3, 0)).shape());
        assertArrayEquals(new long[] {2, 0}, new Linear(0, 2).weight.shape());
    }
}
