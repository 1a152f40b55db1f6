package org.jtorch.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.nn.Module;
import org.jtorch.nn.Named;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.TensorTree;
import org.jtorch.nn.spec.ModuleSpec;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/**
 * Every recorded case of every module: made from its PyTorch arguments, it shows PyTorch's text, begins with PyTorch's
 * values, and gives PyTorch's outputs, gradients and buffers.
 */
class ModuleReplayTest {

    /** Cases from PyTorch's own test inputs. */
    @TestFactory
    Stream<DynamicNode> modules() {
        return replay("modules");
    }

    /** Cases beside them, from parity/record/modules.py. */
    @TestFactory
    Stream<DynamicNode> more() {
        return replay("modules_more");
    }

    private static Stream<DynamicNode> replay(String folder) {
        List<RecordedModule> modules = RecordedModule.readAll(folder);
        assertFalse(modules.isEmpty());
        return modules.stream()
                .map(module -> DynamicContainer.dynamicContainer(
                        module.name(),
                        module.cases().stream()
                                .map(c -> DynamicTest.dynamicTest(
                                        c.get("id").asText() + " "
                                                + c.get("desc").asText(),
                                        () -> named(c, () -> replay(module, c))))));
    }

    /** Test reports have numbers for cases: puts the case's name before the message. */
    private static void named(JsonNode c, Executable replay) throws Throwable {
        try {
            replay.execute();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(c.get("id").asText() + " " + c.get("args") + " " + c.get("kwargs") + ": " + e, e);
        }
    }

    private static void replay(RecordedModule recorded, JsonNode c) throws Exception {
        try (TensorScope scope = new TensorScope()) {
            String name = c.get("module").asText();
            List<@Nullable Object> given = modulesMade(recorded, c);
            Torch.manualSeed(c.get("seed").asLong());
            Module<?, ?> module = ModuleSpec.of(name, given, recorded.valuesOf(c.get("kwargs")))
                    .build();
            assertEquals(c.get("repr_new").asText(), module.toString());
            if (c.has("init_state")) {
                Map<String, Tensor> expected = recorded.tensorsOf(c.get("init_state"));
                Map<String, Tensor> made = module.stateDict();
                assertEquals(List.copyOf(expected.keySet()), List.copyOf(made.keySet()));
                expected.forEach((key, tensor) -> Agreement.identical("initial " + key, tensor, made.get(key)));
            }

            module.to(DType.FLOAT64).train(c.get("training").asBoolean());
            module.loadStateDict(recorded.tensorsOf(c.get("state")));

            List<@Nullable Object> args = recorded.values(c.get("forward_args"));
            Map<String, @Nullable Object> kwargs = recorded.valuesOf(c.get("forward_kwargs"));
            if (c.get("stochastic").asBoolean()) {
                Torch.manualSeed(c.get("seed").asLong());
            }
            List<Tensor> outputs = tensors(ModuleCall.call(module, args, kwargs));
            assertEquals(c.get("repr").asText(), module.toString());
            checkOutputs(recorded, c.get("outputs"), outputs);
            backward(recorded, c, outputs);
            checkGradients(recorded, c, module, tensors(List.of(args, kwargs)));
            Agreement.close("buffer", recorded.tensorsOf(c.get("buffers_after")), named(module.namedBuffers()));
        }
    }

    /**
     * The arguments by position. A module among them was made before the seed was set: its values are those that the first copy
     * of it has in the recording, and all other copies must have too.
     */
    private static List<@Nullable Object> modulesMade(RecordedModule recorded, JsonNode c) {
        List<@Nullable Object> args = recorded.values(c.get("args"));
        args.replaceAll(arg -> {
            if (!(arg instanceof ModuleSpec spec)) {
                return arg;
            }
            Module<?, ?> made = spec.build();
            if (c.has("init_state")) {
                Map<String, Tensor> values = new LinkedHashMap<>();
                recorded.tensorsOf(c.get("init_state")).forEach((key, tensor) -> {
                    if (key.startsWith("layers.0.")) {
                        values.put(key.substring("layers.0.".length()), tensor);
                    }
                });
                made.loadStateDict(values);
            }
            return made;
        });
        return args;
    }

    private static List<Tensor> tensors(@Nullable Object tree) {
        List<Tensor> tensors = new ArrayList<>();
        TensorTree.forEach(tree, tensors::add);
        return tensors;
    }

    private static <T extends Tensor> Map<String, Tensor> named(List<Named<T>> named) {
        Map<String, Tensor> result = new LinkedHashMap<>();
        named.forEach(n -> result.put(n.name(), n.value()));
        return result;
    }

    // --- what it gave ------------------------------------------------------------------------------------------

    private static void checkOutputs(RecordedModule recorded, JsonNode expected, List<Tensor> outputs) {
        List<JsonNode> nodes = new ArrayList<>();
        collectTensors(expected, nodes);
        assertEquals(nodes.size(), outputs.size(), "number of outputs");
        for (int i = 0; i < nodes.size(); i++) {
            JsonNode node = nodes.get(i);
            Agreement.close("output " + i, recorded.tensor(node.get("tensor")), outputs.get(i));
            assertEquals(
                    node.path("requires_grad").asBoolean(),
                    outputs.get(i).requiresGrad(),
                    "output " + i + " requires grad");
        }
    }

    /** The tensors of a result, those of tuples in tuples too; an absent one is none. */
    private static void collectTensors(JsonNode node, List<JsonNode> into) {
        if (node.has("tuple")) {
            node.get("tuple").forEach(part -> collectTensors(part, into));
        } else if (!node.isNull()) {
            into.add(node);
        }
    }

    /** Feeds the recorded gradients back. */
    private static void backward(RecordedModule recorded, JsonNode c, List<Tensor> outputs) {
        List<Tensor> differentiable =
                outputs.stream().filter(Tensor::requiresGrad).toList();
        JsonNode gradients = c.get("grad_outputs");
        assertEquals(gradients.size(), differentiable.size(), "outputs that require grad");
        Tensor sum = null;
        for (int i = 0; i < differentiable.size(); i++) {
            Tensor product =
                    differentiable.get(i).mul(recorded.tensor(gradients.get(i))).sum();
            sum = sum == null ? product : sum.add(product);
        }
        if (sum != null) {
            sum.backward();
        }
    }

    private static void checkGradients(RecordedModule recorded, JsonNode c, Module<?, ?> module, List<Tensor> inputs) {
        List<Tensor> leaves = inputs.stream().filter(Tensor::requiresGrad).toList();
        JsonNode expected = c.get("grad_inputs");
        assertEquals(expected.size(), leaves.size(), "inputs that require grad");
        for (int i = 0; i < leaves.size(); i++) {
            Tensor grad = leaves.get(i).grad();
            if (expected.get(i).isNull()) {
                assertNull(grad, "gradient of input " + i);
            } else {
                Agreement.close("gradient of input " + i, recorded.tensor(expected.get(i)), grad);
            }
        }
        Map<String, Tensor> gradients = new LinkedHashMap<>();
        for (Named<Parameter> parameter : module.namedParameters()) {
            if (parameter.value().grad() != null) {
                gradients.put(
                        parameter.name(),
                        Objects.requireNonNull(parameter.value().grad()));
            }
        }
        Agreement.close("gradient of", recorded.tensorsOf(c.get("grad_params")), gradients);
    }
}
