package org.jtorch.nn.rnn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Recording;
import org.jtorch.nn.utils.rnn.PackedSequence;
import org.jtorch.nn.utils.rnn.RnnUtils;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** Wrong arguments of recurrent layers and cells: the message contains PyTorch's words. */
class RecurrentErrorTest {

    private static final Map<String, Executable> CALLS = new LinkedHashMap<>();

    static {
        CALLS.put("nn.RNN(2, 3)(z(1, 1, 1, 2))", () -> new RNN(2, 3).call(z(1, 1, 1, 2)));
        CALLS.put("nn.LSTM(2, 3)(z(2))", () -> new LSTM(2, 3).call(z(2)));
        CALLS.put("nn.GRU(2, 3)(z(2, 1, 4))", () -> new GRU(2, 3).call(z(2, 1, 4)));
        CALLS.put("nn.GRU(2, 3)(p(4))", () -> new GRU(2, 3).call(p(4), null));
        CALLS.put("nn.RNN(2, 3)(z(2, 1, 2).double())", () -> new RNN(2, 3)
                .call(z(2, 1, 2).to(DType.FLOAT64)));
        CALLS.put("nn.RNN(2, 3)(z(2, 2, 2), z(1, 2, 4))", () -> new RNN(2, 3).call(z(2, 2, 2), z(1, 2, 4)));
        CALLS.put("nn.RNN(2, 3)(z(2, 2, 2), z(1, 3))", () -> new RNN(2, 3).call(z(2, 2, 2), z(1, 3)));
        CALLS.put("nn.GRU(2, 3)(z(2, 2), z(1, 1, 3))", () -> new GRU(2, 3).call(z(2, 2), z(1, 1, 3)));
        lstm("z(2, 2, 2), (z(1, 1, 3), z(1, 2, 3))", z(2, 2, 2), z(1, 1, 3), z(1, 2, 3));
        lstm("z(2, 2, 2), (z(1, 2, 3), z(1, 2, 4))", z(2, 2, 2), z(1, 2, 3), z(1, 2, 4));
        lstm("z(2, 2, 2), (z(1, 3), z(1, 2, 3))", z(2, 2, 2), z(1, 3), z(1, 2, 3));
        lstm("z(2, 2), (z(1, 1, 3), z(1, 1, 3))", z(2, 2), z(1, 1, 3), z(1, 1, 3));
        CALLS.put("nn.GRU(2, 3)(p(2), z(1, 3, 3))", () -> new GRU(2, 3).call(p(2), z(1, 3, 3)));
        CALLS.put("nn.GRU(0, 3)", () -> new GRU(0, 3));
        CALLS.put("nn.GRU(2, 0)", () -> new GRU(2, 0));
        CALLS.put("nn.GRU(2, 3, num_layers=0)", () -> new GRU(2, 3, o -> o.numLayers(0)));
        CALLS.put("nn.GRU(2, 3, dropout=1.5)", () -> new GRU(2, 3, o -> o.dropout(1.5)));
        CALLS.put("nn.LSTM(2, 3, proj_size=3)", () -> new LSTM(2, 3, o -> o.projSize(3)));
        CALLS.put("nn.LSTM(2, 3, proj_size=-1)", () -> new LSTM(2, 3, o -> o.projSize(-1)));
        CALLS.put("nn.RNN(2, 3, nonlinearity='gelu')", () -> new RNN(2, 3, o -> o.nonlinearity("gelu")));
        CALLS.put("nn.RNNCell(2, 3)(z(1, 1, 2))", () -> new RNNCell(2, 3).call(z(1, 1, 2)));
        CALLS.put("nn.RNNCell(2, 3)(z(1, 4))", () -> new RNNCell(2, 3).call(z(1, 4)));
        CALLS.put("nn.GRUCell(2, 3)(z(1, 2), z(2, 3))", () -> new GRUCell(2, 3).call(z(1, 2), z(2, 3)));
        CALLS.put("nn.LSTMCell(2, 3)(z(1, 2), (z(1, 1, 3), z(1, 1, 3)))", () -> new LSTMCell(2, 3)
                .call(z(1, 2), new LSTM.State(z(1, 1, 3), z(1, 1, 3))));
        CALLS.put("nn.LSTMCell(2, 3)(z(1, 2), (z(1, 4), z(1, 3)))", () -> new LSTMCell(2, 3)
                .call(z(1, 2), new LSTM.State(z(1, 4), z(1, 3))));
    }

    private static Tensor z(long... shape) {
        return Torch.zeros(shape);
    }

    private static PackedSequence p(long size) {
        return RnnUtils.packSequence(List.of(z(3, size), z(1, size)));
    }

    private static void lstm(String arguments, Tensor input, Tensor h, Tensor c) {
        CALLS.put("nn.LSTM(2, 3)(" + arguments + ")", () -> new LSTM(2, 3).call(input, new LSTM.State(h, c)));
    }

    @Test
    void everyRecordedErrorIsTried() {
        assertEquals(Recording.read(RecurrentErrorTest.class, "errors.txt").keySet(), CALLS.keySet());
    }

    @TestFactory
    Stream<DynamicTest> theMessageHasPyTorchsWords() {
        return Recording.read(RecurrentErrorTest.class, "errors.txt").entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> {
                    RuntimeException error = assertThrows(RuntimeException.class, CALLS.get(e.getKey()));
                    String words = e.getValue().replaceFirst("\\.$", "");
                    assertTrue(error.getMessage().contains(words), error.getMessage() + " lacks " + words);
                }));
    }
}
