package org.jtorch.parity.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.amp.Autocast;
import org.jtorch.nn.Module;
import org.jtorch.nn.Named;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.TensorTree;
import org.jtorch.nn.spec.ModuleSpec;

/**
 * One recorded case of a module. Created from its PyTorch arguments, the module must show PyTorch's text, have PyTorch's
 * initial values bit for bit, and return PyTorch's outputs, gradients and buffers.
 */
public final class RecordedCase {

    private final RecordedModule recorded;
    private final JsonNode c;

    RecordedCase(RecordedModule recorded, JsonNode c) {
        this.recorded = recorded;
        this.c = c;
    }

    /** Returns the number of the case and its description. */
    public String description() {
        return c.path("id").asText("?") + " " + c.path("desc").asText();
    }

    /** Returns the module of the case, with a copy of each tensor among its arguments. */
    public ModuleSpec spec() {
        return ModuleSpec.of(
                c.path("module").asText(),
                recorded.values(c.get("args"), Device.CPU),
                recorded.valuesOf(c.get("kwargs"), Device.CPU));
    }

    /**
     * Returns whether its outputs depend on random numbers. On the CPU, these are PyTorch's; other devices draw other numbers.
     */
    public boolean isStochastic() {
        return c.path("stochastic").asBoolean();
    }

    /**
     * Replays the case on the CPU.
     *
     * @throws Disagreement if a result differs from PyTorch's, or if the module cannot be created or called
     */
    public void replay() {
        replay(Device.CPU);
    }

    /**
     * Replays the case on a device. The module is created on the CPU, as PyTorch's was, and then moved there with its inputs.
     *
     * @throws Disagreement if a result differs from PyTorch's, or if the module cannot be created or called
     */
    public void replay(Device device) {
        try {
            run(device);
        } catch (Disagreement e) {
            throw e;
        } catch (InvocationTargetException e) {
            throw new Disagreement("it failed: " + e.getCause(), e);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new Disagreement("it failed: " + e, e);
        }
    }

    private void run(Device device) throws ReflectiveOperationException {
        try (TensorScope scope = new TensorScope()) {
            Module<?, ?> module = made();
            Agreement.same("repr", c.get("repr_new").asText(), module.toString());
            if (c.has("init_state")) {
                Map<String, Tensor> expected = recorded.tensorsOf(c.get("init_state"));
                Map<String, Tensor> made = module.stateDict();
                Agreement.same("keys", List.copyOf(expected.keySet()), List.copyOf(made.keySet()));
                expected.forEach((key, tensor) -> Agreement.identical("initial " + key, tensor, made.get(key)));
            }

            RecordedCall call = inState(module, device);
            if (c.get("stochastic").asBoolean()) {
                Torch.manualSeed(call.seed());
            }
            List<Tensor> outputs = tensors(call(call, device));
            Agreement.same("repr afterwards", c.get("repr").asText(), module.toString());
            checkOutputs(c.get("outputs"), outputs);
            backward(outputs, device);
            checkGradients(module, tensors(List.of(call.args(), call.kwargs())));
            Agreement.close(
                    "buffer", recorded.tensorsOf(c.get("buffers_after")), named(module.namedBuffers()), autocast());
        }
    }

    /** Calls the module, under autocast if PyTorch did. */
    private @Nullable Object call(RecordedCall call, Device device) throws ReflectiveOperationException {
        DType dtype = autocast();
        if (dtype == null) {
            return call.call();
        }
        try (Autocast autocast = new Autocast(device, o -> o.dtype(dtype))) {
            return call.call();
        }
    }

    /** Returns the lower precision of autocast, or null if PyTorch was called without it. */
    private @Nullable DType autocast() {
        return c.has("autocast") ? DType.of(c.get("autocast").asText()) : null;
    }

    /**
     * Returns the recorded call before it is made: the module in its recorded state, and a copy of each argument.
     *
     * @throws Disagreement if the module cannot be created
     */
    public RecordedCall prepare() {
        try {
            return inState(made(), Device.CPU);
        } catch (ReflectiveOperationException e) {
            throw new Disagreement("it failed: " + e, e);
        }
    }

    /** Returns the new module. */
    private Module<?, ?> made() throws ReflectiveOperationException {
        List<@Nullable Object> given = modulesMade();
        Torch.manualSeed(c.get("seed").asLong());
        return ModuleSpec.of(c.get("module").asText(), given, recorded.valuesOf(c.get("kwargs"), Device.CPU))
                .build();
    }

    private RecordedCall inState(Module<?, ?> module, Device device) {
        module.to(recorded.dtype()).to(device).train(c.get("training").asBoolean());
        module.loadStateDict(recorded.tensorsOf(c.get("state")));
        return new RecordedCall(
                module,
                recorded.values(c.get("forward_args"), device),
                recorded.valuesOf(c.get("forward_kwargs"), device),
                c.get("seed").asLong());
    }

    /**
     * Returns the arguments by position. A module among them was created before the seed was set. Its values are those of its
     * first copy in the recording, which all other copies must have too.
     */
    private List<@Nullable Object> modulesMade() {
        List<@Nullable Object> args = recorded.values(c.get("args"), Device.CPU);
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

    private void checkOutputs(JsonNode expected, List<Tensor> outputs) {
        List<JsonNode> nodes = new ArrayList<>();
        collectTensors(expected, nodes);
        Agreement.same("number of outputs", nodes.size(), outputs.size());
        for (int i = 0; i < nodes.size(); i++) {
            JsonNode node = nodes.get(i);
            Agreement.close("output " + i, recorded.tensor(node.get("tensor")), outputs.get(i), autocast());
            Agreement.same(
                    "output " + i + " requires grad",
                    node.path("requires_grad").asBoolean(),
                    outputs.get(i).requiresGrad());
        }
    }

    /** Collects the tensors of a result, including those of nested tuples. An absent tensor is ignored. */
    private static void collectTensors(JsonNode node, List<JsonNode> into) {
        if (node.has("tuple")) {
            node.get("tuple").forEach(part -> collectTensors(part, into));
        } else if (!node.isNull()) {
            into.add(node);
        }
    }

    /** Runs the backward with the recorded gradients. */
    private void backward(List<Tensor> outputs, Device device) {
        List<Tensor> differentiable =
                outputs.stream().filter(Tensor::requiresGrad).toList();
        JsonNode gradients = c.get("grad_outputs");
        Agreement.same("outputs that require grad", gradients.size(), differentiable.size());
        Tensor sum = null;
        for (int i = 0; i < differentiable.size(); i++) {
            Tensor gradient = recorded.tensor(gradients.get(i)).to(device);
            Tensor product = differentiable.get(i).mul(gradient).sum();
            sum = sum == null ? product : sum.add(product);
        }
        if (sum != null) {
            sum.backward();
        }
    }

    private void checkGradients(Module<?, ?> module, List<Tensor> inputs) {
        List<Tensor> leaves = inputs.stream().filter(Tensor::requiresGrad).toList();
        JsonNode expected = c.get("grad_inputs");
        Agreement.same("inputs that require grad", expected.size(), leaves.size());
        for (int i = 0; i < leaves.size(); i++) {
            Tensor grad = leaves.get(i).grad();
            if (expected.get(i).isNull()) {
                Agreement.same("gradient of input " + i, null, grad);
            } else {
                Agreement.close("gradient of input " + i, recorded.tensor(expected.get(i)), grad, autocast());
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
        Agreement.close("gradient of", recorded.tensorsOf(c.get("grad_params")), gradients, autocast());
    }
}
