package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jtorch.DType;
import org.jtorch.Torch;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.init.Init;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm2d;
import org.jtorch.nn.norm.LayerNorm;
import org.jtorch.nn.sparse.Embedding;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The initial values of layers with a given seed are PyTorch's, bit for bit. */
class InitTest {

    private static final Map<String, Supplier<Module<?, ?>>> LAYERS = new LinkedHashMap<>();

    static {
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
        assertEquals(Recording.read("init_layers.txt").keySet(), LAYERS.keySet());
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
