package org.jtorch.nn.utils;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.RecordedCases;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Limits gradients as PyTorch does. */
class ClipGradTest {

    /** The order of sums depends on the CPU's vector units. */
    private static final double CLOSE = 1e-6;

    private static Stream<DynamicTest> each(String function, RecordedCases.Replay replay) {
        return RecordedCases.each(ClipGradTest.class, "clip_grad.json", function, replay);
    }

    /** Returns a parameter for each gradient; null stands for no gradient. */
    private static List<Parameter> parameters(JsonNode grads) {
        List<Parameter> parameters = new ArrayList<>();
        for (JsonNode node : grads) {
            Tensor grad = RecordedCases.optional(node);
            Parameter parameter = new Parameter(grad == null ? Torch.zeros(2) : Torch.zerosLike(grad));
            parameter.setGrad(grad);
            parameters.add(parameter);
        }
        return parameters;
    }

    private static void checkAfter(JsonNode c, List<Parameter> parameters) {
        List<@Nullable Tensor> grads = new ArrayList<>();
        parameters.forEach(p -> grads.add(p.grad()));
        boolean half = grads.stream().anyMatch(g -> g != null && g.dtype() == DType.FLOAT16);
        RecordedCases.allClose(c.get("after"), grads, half ? 1e-3 : CLOSE);
    }

    private static ClipGrad.Options set(ClipGrad.Options o, JsonNode c) {
        if (c.has("norm_type")) {
            o.normType(RecordedCases.number(c.get("norm_type")));
        }
        if (c.has("error_if_nonfinite")) {
            o.errorIfNonfinite(c.get("error_if_nonfinite").asBoolean());
        }
        return o.foreach(RecordedCases.bool(c, "foreach"));
    }

    @TestFactory
    Stream<DynamicTest> byNorm() {
        return each("clip_grad_norm_", c -> {
            List<Parameter> parameters = parameters(c.get("grads"));
            try {
                Tensor total =
                        ClipGrad.clipGradNorm_(parameters, c.get("max_norm").asDouble(), o -> set(o, c));
                RecordedCases.close(c.get("total"), total, total.dtype() == DType.FLOAT16 ? 1e-3 : CLOSE);
            } finally {
                checkAfter(c, parameters);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> totalNorm() {
        return each(
                "get_total_norm",
                c -> RecordedCases.close(
                        c.get("total"),
                        ClipGrad.getTotalNorm(RecordedCases.tensors(c.get("tensors")), o -> set(o, c)),
                        CLOSE));
    }

    @TestFactory
    Stream<DynamicTest> byGivenNorm() {
        return each("clip_grads_with_norm_", c -> {
            List<Parameter> parameters = parameters(c.get("grads"));
            ClipGrad.clipGradsWithNorm_(
                    parameters,
                    c.get("max_norm").asDouble(),
                    RecordedCases.tensor(c.get("norm")),
                    RecordedCases.bool(c, "foreach"));
            checkAfter(c, parameters);
        });
    }

    @TestFactory
    Stream<DynamicTest> byValue() {
        return each("clip_grad_value_", c -> {
            List<Parameter> parameters = parameters(c.get("grads"));
            ClipGrad.clipGradValue_(parameters, c.get("clip_value").asDouble(), RecordedCases.bool(c, "foreach"));
            checkAfter(c, parameters);
        });
    }

    @TestFactory
    Stream<DynamicTest> togetherWhereTheDeviceCannot() {
        return each("meta", c -> {
            Parameter parameter = new Parameter(Torch.zeros(new long[] {2}, TensorOptions.of(Device.META)));
            parameter.setGrad(Torch.zeros(new long[] {2}, TensorOptions.of(Device.META)));
            ClipGrad.clipGradNorm_(List.of(parameter), 1.0, o -> o.foreach(false));
            ClipGrad.clipGradNorm_(List.of(parameter), 1.0);
            ClipGrad.clipGradNorm_(List.of(parameter), 1.0, o -> o.foreach(true));
        });
    }

    @Test
    void oneParameterAndNoneWithGradient() {
        Parameter parameter = new Parameter(Torch.ones(4));
        parameter.mul(2).sum().backward();
        assertEquals(4.0, ClipGrad.clipGradNorm_(parameter, 1.0).item(), 1e-6);
        assertEquals(1.0, norm(parameter), 1e-5);
        ClipGrad.clipGradValue_(parameter, 0.25);
        assertEquals(0.5, norm(parameter), 1e-6);

        Parameter without = new Parameter(Torch.ones(2));
        ClipGrad.clipGradValue_(without, 1.0);
        ClipGrad.clipGradValue_(List.of(), 1.0);
        assertEquals(0.0, ClipGrad.clipGradNorm_(without, 1.0).item());
        assertNull(without.grad());
    }

    @Test
    @SuppressWarnings("deprecation")
    void theOldName() {
        Parameter parameter = new Parameter(Torch.ones(4));
        parameter.mul(2).sum().backward();
        assertEquals(4.0, ClipGrad.clipGradNorm(List.of(parameter), 1.0).item(), 1e-6);
        assertEquals(1.0, norm(parameter), 1e-5);
    }

    private static double norm(Parameter parameter) {
        Tensor grad = parameter.grad();
        assertNotNull(grad);
        return ClipGrad.getTotalNorm(List.of(grad)).item();
    }

    /** A gradient that is itself part of a graph is scaled too. */
    @Test
    void gradientsWithAGraph() {
        Parameter parameter = new Parameter(Torch.full(new long[] {2}, 3.0));
        parameter.setGrad(parameter.mul(parameter));
        ClipGrad.clipGradNorm_(parameter, 1.0);
        assertEquals(1.0, norm(parameter), 1e-5);
    }
}
