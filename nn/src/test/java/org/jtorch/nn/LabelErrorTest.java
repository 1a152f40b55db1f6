package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jtorch.DType;
import org.jtorch.Size;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.loss.CrossEntropyLoss;
import org.jtorch.nn.loss.MultiLabelMarginLoss;
import org.jtorch.nn.loss.MultiMarginLoss;
import org.jtorch.nn.loss.NLLLoss;
import org.jtorch.nn.sparse.Embedding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Labels and indices with another dtype than int64: the message contains the remedy, and the remedy works. */
class LabelErrorTest {

    private static final String REMEDY = " Labels and indices must be int64: call int64() on them";

    private final Tensor x = Torch.ones(3, 4);
    private final Tensor labels = Torch.tensor(new int[] {0, 1, 2});

    @Test
    void theRemedyIsTold() {
        assertEquals(
                "in CrossEntropyLoss: expected scalar type Long but found Int." + REMEDY,
                assertThrows(TorchException.class, () -> new CrossEntropyLoss().call(x, labels))
                        .getMessage());
        assertEquals(0, new CrossEntropyLoss().call(x, labels.int64()).dim());
    }

    @Test
    void everyLossAndFunctionOfIndicesTellsIt() {
        Tensor shorts = labels.to(DType.INT16);
        Map<String, Executable> calls = new LinkedHashMap<>();
        calls.put("NLLLoss", () -> new NLLLoss().call(x, labels));
        calls.put("2d", () -> new CrossEntropyLoss()
                .call(Torch.ones(1, 3, 2, 2), Torch.zeros(1, 2, 2).int32()));
        calls.put("MultiMarginLoss", () -> new MultiMarginLoss().call(x, labels));
        calls.put("MultiLabelMarginLoss", () -> new MultiLabelMarginLoss()
                .call(x, Torch.zeros(3, 4).int32()));
        calls.put("Embedding", () -> new Embedding(4, 2).call(shorts));
        calls.put("oneHot", () -> F.oneHot(labels));
        calls.put("gather", () -> x.gather(1, shorts.unsqueeze(1)));
        calls.put("indexSelect", () -> x.indexSelect(0, shorts));
        calls.put("take", () -> x.take(labels));
        calls.forEach((name, call) -> {
            String message = assertThrows(TorchException.class, call, name).getMessage();
            assertTrue(message.endsWith(REMEDY), message);
        });
        assertEquals(Size.of(3, 2), new Embedding(4, 2).call(shorts.int64()).size());
    }
}
