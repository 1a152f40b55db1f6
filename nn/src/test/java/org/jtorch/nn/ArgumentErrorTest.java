package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jtorch.Torch;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.PaddingMode;
import org.jtorch.nn.functional.Reduction;
import org.jtorch.nn.init.Init;
import org.jtorch.nn.norm.BatchNorm1d;
import org.jtorch.nn.norm.BatchNorm2d;
import org.jtorch.nn.pooling.MaxPool2d;
import org.jtorch.nn.sparse.Embedding;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** Wrong arguments: the message contains PyTorch's words. */
class ArgumentErrorTest {

    private static final Map<String, Executable> CALLS = new LinkedHashMap<>();

    static {
        CALLS.put("nn.Conv2d(3, 4, 3, groups=0)", () -> new Conv2d(3, 4, 3, o -> o.groups(0)));
        CALLS.put("nn.Conv2d(3, 4, 3, groups=2)", () -> new Conv2d(3, 4, 3, o -> o.groups(2)));
        CALLS.put("nn.Conv2d(4, 3, 3, groups=2)", () -> new Conv2d(4, 3, 3, o -> o.groups(2)));
        CALLS.put(
                "nn.Conv2d(4, 4, 3, stride=2, padding='same')",
                () -> new Conv2d(4, 4, 3, o -> o.stride(2).padding("same")));
        CALLS.put("nn.Dropout(1.5)", () -> new Dropout(1.5));
        CALLS.put("nn.Dropout(-0.1)", () -> new Dropout(-0.1));
        CALLS.put("nn.Embedding(4, 3, padding_idx=4)", () -> new Embedding(4, 3, o -> o.paddingIdx(4)));
        CALLS.put("nn.Embedding(4, 3, padding_idx=-5)", () -> new Embedding(4, 3, o -> o.paddingIdx(-5)));
        CALLS.put("nn.Embedding.from_pretrained(torch.zeros(3))", () -> Embedding.fromPretrained(Torch.zeros(3)));
        CALLS.put("nn.BatchNorm1d(3)(torch.zeros(2, 3, 4, 5))", () -> new BatchNorm1d(3).call(Torch.zeros(2, 3, 4, 5)));
        CALLS.put("nn.BatchNorm2d(3)(torch.zeros(2, 3, 4))", () -> new BatchNorm2d(3).call(Torch.zeros(2, 3, 4)));
        CALLS.put("nn.BatchNorm1d(3)(torch.zeros(1, 3))", () -> new BatchNorm1d(3).call(Torch.zeros(1, 3)));
        CALLS.put("nn.BatchNorm1d(3, eps=0.0)(torch.zeros(2, 3))", () -> new BatchNorm1d(3, o -> o.eps(0))
                .call(Torch.zeros(2, 3)));
        CALLS.put(
                "nn.BatchNorm1d(3, eps=-1.0).eval()(torch.zeros(2, 3))",
                () -> new BatchNorm1d(3, o -> o.eps(-1)).eval().call(Torch.zeros(2, 3)));
        CALLS.put(
                "nn.functional.mse_loss(torch.zeros(2), torch.zeros(2), weight=torch.zeros(3))",
                () -> F.mseLoss(Torch.zeros(2), Torch.zeros(2), Reduction.MEAN, Torch.zeros(3)));
        CALLS.put("nn.ModuleList()(1)", () -> new ModuleList<>().call(1));
        CALLS.put("init.eye_(torch.zeros(3))", () -> Init.eye_(Torch.zeros(3)));
        CALLS.put("init.kaiming_uniform_(torch.zeros(3))", () -> Init.kaimingUniform_(Torch.zeros(3)));
        CALLS.put("init.xavier_normal_(torch.zeros(3))", () -> Init.xavierNormal_(Torch.zeros(3)));
    }

    @Test
    void everyRecordedErrorIsTried() {
        assertEquals(Recording.read("errors.txt").keySet(), CALLS.keySet());
    }

    @TestFactory
    Stream<DynamicTest> theMessageHasPyTorchsWords() {
        return Recording.read("errors.txt").entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> {
                    RuntimeException error = assertThrows(RuntimeException.class, CALLS.get(e.getKey()));
                    String words = e.getValue().replaceFirst("\\.$", "");
                    assertTrue(error.getMessage().contains(words), error.getMessage() + " lacks " + words);
                }));
    }

    @Test
    void sizesAreOneOrOneForEachDimension() {
        IllegalArgumentException conv =
                assertThrows(IllegalArgumentException.class, () -> new Conv2d(1, 1, 3, o -> o.stride(1, 2, 3)));
        assertEquals("stride has 3 values [1, 2, 3]: give one for all 2 spatial dimensions, or 2", conv.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new MaxPool2d(new long[0]));
    }

    @Test
    void namesThatPyTorchDoesNotKnow() {
        assertEquals(
                "Invalid padding string 'full', should be one of {'valid', 'same'}",
                assertThrows(IllegalArgumentException.class, () -> new Conv2d(1, 1, 3, o -> o.padding("full")))
                        .getMessage());
        assertEquals(
                "padding_mode must be one of {'zeros', 'reflect', 'replicate', 'circular'}, but got padding_mode='mirror'",
                assertThrows(IllegalArgumentException.class, () -> PaddingMode.of("mirror"))
                        .getMessage());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Reduction.of("avg"))
                .getMessage()
                .startsWith("avg is not a valid value for reduction"));
        assertEquals(Reduction.SUM, Reduction.of("sum"));
        assertEquals(PaddingMode.CIRCULAR, PaddingMode.of("circular"));
    }
}
