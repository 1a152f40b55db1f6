package org.jtorch.nn.rnn;

import static org.jtorch.nn.RecordedCases.allClose;
import static org.jtorch.nn.RecordedCases.close;
import static org.jtorch.nn.RecordedCases.same;
import static org.jtorch.nn.RecordedCases.tensor;
import static org.jtorch.nn.RecordedCases.tensors;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.nn.Module;
import org.jtorch.nn.Named;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.RecordedCases;
import org.jtorch.nn.spec.ModuleSpec;
import org.jtorch.nn.state.StateDict;
import org.jtorch.nn.utils.rnn.PackedSequence;
import org.jtorch.nn.utils.rnn.RnnUtils;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Recurrent layers return PyTorch's outputs, last states and gradients for packed sequences. */
class PackedReplayTest {

    private static final double CLOSE = 1e-9;

    /** The result of a layer: the data of the output, followed by the last states. */
    private record Result(List<Tensor> tensors, @Nullable PackedSequence packed) {}

    @TestFactory
    Stream<DynamicTest> rnn() {
        return replay("RNN");
    }

    @TestFactory
    Stream<DynamicTest> lstm() {
        return replay("LSTM");
    }

    @TestFactory
    Stream<DynamicTest> gru() {
        return replay("GRU");
    }

    private static Stream<DynamicTest> replay(String module) {
        return RecordedCases.each(PackedReplayTest.class, "packed.json", module, c -> replay(module, c));
    }

    private static void replay(String name, JsonNode c) {
        Module<?, ?> module = ModuleSpec.of(name, List.of(2, 3), arguments(c.get("kwargs")))
                .build()
                .to(DType.FLOAT64);
        module.train(c.get("training").asBoolean());
        StateDict state = new StateDict();
        c.get("state").fields().forEachRemaining(e -> state.put(e.getKey(), tensor(e.getValue())));
        module.loadStateDict(state);
        List<Tensor> sequences = leaves(c.get("sequences"));
        List<Tensor> hx = c.get("hx").isNull() ? null : leaves(c.get("hx"));

        Torch.manualSeed(5);
        PackedSequence packed =
                RnnUtils.packSequence(sequences, c.get("enforce_sorted").asBoolean());
        Result result = call(module, packed, hx);
        allClose(c.get("results"), result.tensors(), CLOSE);
        PackedSequence output = result.packed();
        assertNotNull(output);
        same(c.get("batch_sizes"), output.batchSizes());
        assertSame(packed.unsortedIndices(), output.unsortedIndices());

        Autograd.backward(result.tensors(), tensors(c.get("grads")), false, false, List.of());
        allClose(c.get("grad_sequences"), gradients(sequences), CLOSE);
        if (hx != null) {
            allClose(c.get("grad_hx"), gradients(hx), CLOSE);
        }
        for (Named<Parameter> parameter : module.namedParameters()) {
            close(c.get("grad_params").get(parameter.name()), parameter.value().grad(), CLOSE);
        }
    }

    private static Result call(Module<?, ?> module, PackedSequence packed, @Nullable List<Tensor> hx) {
        if (module instanceof LSTM lstm) {
            LSTM.Output out = lstm.call(packed, hx == null ? null : new LSTM.State(hx.get(0), hx.get(1)));
            return new Result(
                    List.of(out.output(), out.hidden().h(), out.hidden().c()), out.packed());
        }
        HiddenRNN.Output out = ((HiddenRNN) module).call(packed, hx == null ? null : hx.get(0));
        return new Result(List.of(out.output(), out.hidden()), out.packed());
    }

    private static List<Tensor> leaves(JsonNode array) {
        return tensors(array).stream().map(Tensor::requiresGrad_).toList();
    }

    private static List<@Nullable Tensor> gradients(List<Tensor> leaves) {
        List<@Nullable Tensor> gradients = new ArrayList<>();
        leaves.forEach(leaf -> gradients.add(leaf.grad()));
        return gradients;
    }

    private static Map<String, Object> arguments(JsonNode kwargs) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        kwargs.fields().forEachRemaining(e -> {
            JsonNode value = e.getValue();
            arguments.put(
                    e.getKey(),
                    value.isBoolean()
                            ? (Object) value.booleanValue()
                            : value.isTextual() ? value.textValue() : value.numberValue());
        });
        return arguments;
    }
}
