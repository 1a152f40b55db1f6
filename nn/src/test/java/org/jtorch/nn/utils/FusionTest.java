package org.jtorch.nn.utils;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Layer;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.RecordedCases;
import org.jtorch.nn.conv.Conv1d;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.conv.Conv3d;
import org.jtorch.nn.conv.ConvBase;
import org.jtorch.nn.conv.ConvTranspose2d;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm;
import org.jtorch.nn.norm.BatchNorm1d;
import org.jtorch.nn.norm.BatchNorm2d;
import org.jtorch.nn.norm.BatchNorm3d;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Merges layers as PyTorch does. */
class FusionTest {

    /** The order of a product of three numbers may differ, which affects the last bit. */
    private static final double CLOSE = 1e-6;

    private static Stream<DynamicTest> each(String function, RecordedCases.Replay replay) {
        return RecordedCases.each(FusionTest.class, "fusion.json", function, replay);
    }

    private static void check(JsonNode c, Fusion.Fused fused) {
        RecordedCases.close(c.get("weight"), fused.weight(), CLOSE);
        RecordedCases.close(c.get("bias"), fused.bias(), CLOSE);
        assertFalse(fused.weight().requiresGrad() || fused.bias().requiresGrad());
    }

    @TestFactory
    Stream<DynamicTest> convolutionsWeights() {
        return each(
                "fuse_conv_bn_weights",
                c -> check(
                        c,
                        Fusion.fuseConvBnWeights(
                                RecordedCases.tensor(c.get("w")),
                                RecordedCases.optional(c.get("b")),
                                RecordedCases.tensor(c.get("rm")),
                                RecordedCases.tensor(c.get("rv")),
                                c.get("eps").asDouble(),
                                RecordedCases.optional(c.get("bw")),
                                RecordedCases.optional(c.get("bb")),
                                c.get("transpose").asBoolean())));
    }

    @TestFactory
    Stream<DynamicTest> linearWeights() {
        return each(
                "fuse_linear_bn_weights",
                c -> check(
                        c,
                        Fusion.fuseLinearBnWeights(
                                RecordedCases.tensor(c.get("w")),
                                RecordedCases.optional(c.get("b")),
                                RecordedCases.tensor(c.get("rm")),
                                RecordedCases.tensor(c.get("rv")),
                                c.get("eps").asDouble(),
                                RecordedCases.tensor(c.get("bw")),
                                RecordedCases.tensor(c.get("bb")))));
    }

    private static Map<String, Tensor> state(JsonNode pairs) {
        Map<String, Tensor> state = new LinkedHashMap<>();
        pairs.forEach(pair -> state.put(pair.get(0).asText(), RecordedCases.tensor(pair.get(1))));
        return state;
    }

    /** Creates the module with the recorded repr and the recorded state. */
    private static <M extends Layer> M module(
            List<Supplier<? extends M>> known, JsonNode c, String repr, String state) {
        for (Supplier<? extends M> supplier : known) {
            M module = supplier.get();
            if (module.toString().equals(c.get(repr).asText())) {
                module.loadStateDict(state(c.get(state)));
                module.train(c.get("training").asBoolean());
                return module;
            }
        }
        throw new AssertionError("make a " + c.get(repr));
    }

    private static final List<Supplier<? extends ConvBase>> CONVS = List.of(
            () -> new Conv2d(3, 4, 2),
            () -> new Conv2d(3, 4, 2, o -> o.bias(false)),
            () -> new Conv1d(3, 4, 2),
            () -> new Conv3d(1, 2, 2),
            () -> new ConvTranspose2d(3, 4, 2),
            () -> new ConvTranspose2d(3, 4, 2, o -> o.bias(false)));

    private static final List<Supplier<? extends Linear>> LINEARS =
            List.of(() -> new Linear(3, 4), () -> new Linear(3, 4, o -> o.bias(false)));

    private static final List<Supplier<? extends BatchNorm>> NORMS = List.of(
            () -> new BatchNorm2d(4),
            () -> new BatchNorm2d(4, o -> o.affine(false)),
            () -> new BatchNorm2d(4, o -> o.trackRunningStats(false)),
            () -> new BatchNorm3d(2),
            () -> new BatchNorm1d(4),
            () -> new BatchNorm1d(1),
            () -> new BatchNorm1d(3),
            () -> new BatchNorm1d(4, o -> o.trackRunningStats(false)));

    private static void checkModule(JsonNode c, Layer fused, Layer original) {
        assertEquals(c.get("repr").asText(), fused.toString());
        List<Boolean> requiresGrad = new ArrayList<>();
        fused.parameters().forEach(p -> requiresGrad.add(p.requiresGrad()));
        List<Boolean> expected = new ArrayList<>();
        c.get("requires_grad").forEach(node -> expected.add(node.asBoolean()));
        assertEquals(expected, requiresGrad);
        Map<String, Tensor> made = fused.stateDict();
        assertEquals(c.get("fused").size(), made.size());
        for (JsonNode pair : c.get("fused")) {
            RecordedCases.close(pair.get(1), made.get(pair.get(0).asText()), CLOSE);
        }
        assertEquals(state(c.get("state")).keySet(), original.stateDict().keySet());
        state(c.get("state"))
                .forEach((key, tensor) ->
                        assertTrue(tensor.equal(original.stateDict().get(key))));
    }

    @TestFactory
    Stream<DynamicTest> convolutions() {
        return each("fuse_conv_bn_eval", c -> {
            ConvBase conv = module(CONVS, c, "first", "state");
            BatchNorm bn = module(NORMS, c, "bn", "bn_state");
            ConvBase fused = conv instanceof ConvTranspose2d
                    ? Fusion.fuseConvBnEval(conv, bn, true)
                    : Fusion.fuseConvBnEval(conv, bn);
            checkModule(c, fused, conv);
        });
    }

    @TestFactory
    Stream<DynamicTest> linearLayers() {
        return each("fuse_linear_bn_eval", c -> {
            Linear linear = module(LINEARS, c, "first", "state");
            checkModule(c, Fusion.fuseLinearBnEval(linear, module(NORMS, c, "bn", "bn_state")), linear);
        });
    }

    @Test
    void theFusedLayerComputesWhatBothDid() {
        Torch.manualSeed(4);
        Conv2d conv = new Conv2d(3, 5, 2);
        BatchNorm2d bn = new BatchNorm2d(5);
        bn.call(conv.call(Torch.randn(4, 3, 6, 6))); // So that there are statistics.
        bn.weight = new Parameter(Torch.randn(5));
        conv.eval();
        bn.eval();
        Tensor x = Torch.randn(2, 3, 6, 6);
        assertTrue(Fusion.fuseConvBnEval(conv, bn).call(x).allclose(bn.call(conv.call(x)), 1e-4, 1e-5));

        Linear linear = new Linear(3, 4);
        BatchNorm1d plain = new BatchNorm1d(4, o -> o.affine(false));
        plain.call(linear.call(Torch.randn(8, 3)));
        linear.eval();
        plain.eval();
        Tensor rows = Torch.randn(2, 3);
        assertTrue(
                Fusion.fuseLinearBnEval(linear, plain).call(rows).allclose(plain.call(linear.call(rows)), 1e-4, 1e-5));
    }
}
