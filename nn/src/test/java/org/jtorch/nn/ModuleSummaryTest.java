package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.internal.text.TextTable;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.linear.LazyLinear;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm1d;
import org.junit.jupiter.api.Test;

/** {@code model.summary()}: rows, totals and text. */
class ModuleSummaryTest {

    private static final class Net extends Module<Tensor, Tensor> {
        Sequential body = new Sequential(new Linear(4, 8), new BatchNorm1d(8), new ReLU());
        Linear head = new Linear(8, 4, o -> o.bias(false));
        Linear tied = new Linear(8, 4, o -> o.bias(false));

        Net() {
            tied.weight = head.weight;
            body.get(0).requiresGrad_(false);
        }

        @Override
        protected Tensor forward(Tensor x) {
            return head.call(body.call(x));
        }
    }

    @Test
    void rowsCountWhatStandsBelowAndASharedParameterOnce() {
        ModuleSummary summary = new Net().summary();
        assertEquals(
                List.of("", "body", "body.0", "body.1", "body.2", "head", "tied"),
                summary.rows().stream().map(ModuleSummary.Row::path).toList());
        // 4*8+8 in the first map, 8+8 in the normalization, 8*4 in the tied ones; mean and var of 8 floats and one
        // int64.
        assertEquals(new ModuleSummary.Row("", "Net", 88, 48, 4 * 88, 4 * 16 + 8, 0), summary.total());
        assertEquals(
                new ModuleSummary.Row("body", "Sequential", 56, 16, 4 * 56, 4 * 16 + 8, 0),
                summary.rows().get(1));
        assertEquals(
                new ModuleSummary.Row("body.0", "Linear", 40, 0, 4 * 40, 0, 0),
                summary.rows().get(2));
        assertEquals(
                List.of(0, 1, 2, 2, 2, 1, 1),
                summary.rows().stream().map(ModuleSummary.Row::depth).toList());
    }

    @Test
    void bytesFollowTheDtype() {
        assertEquals(2 * 88, new Net().to(DType.FLOAT16).summary().total().parameterBytes());
    }

    @Test
    void theDepthLimitsTheRowsAndNotTheCounts() {
        ModuleSummary limited = new Net().summary().limitedTo(1);
        assertEquals(4, limited.rows().size());
        assertEquals(88, limited.total().parameters());
        assertThrows(IllegalArgumentException.class, () -> limited.limitedTo(-1));
    }

    @Test
    void theTextIsATableWithTheTotals() {
        assertEquals("""
                layer    class       parameters  trainable
                -------  ----------  ----------  ---------
                (model)  Net                 88         48
                body     Sequential          56         16
                head     Linear              32         32
                tied     Linear              32         32

                parameters: 88 (48 trainable), 352 B; buffers: 72 B""", new Net().summary().limitedTo(1).toString());
    }

    @Test
    void whatHasNoShapeYetCountsNothing() {
        Sequential lazy = new Sequential(new Linear(4, 8), new LazyLinear(3));
        assertEquals(
                new ModuleSummary.Row("", "Sequential", 40, 40, 160, 0, 2),
                lazy.summary().total());
        assertTrue(lazy.summary().toString().endsWith("buffers: 0 B; 2 of unknown shape"));
        lazy.call(Torch.ones(2, 4));
        assertEquals(
                new ModuleSummary.Row("", "Sequential", 67, 67, 268, 0, 0),
                lazy.summary().total());
    }

    @Test
    void countsAndSizesAreReadable() {
        assertEquals("1,234,567", TextTable.count(1_234_567));
        assertEquals("1023 B", TextTable.bytes(1023));
        assertEquals("1.0 KiB", TextTable.bytes(1024));
        assertEquals("1.5 MiB", TextTable.bytes(3 << 19));
        assertThrows(
                IllegalArgumentException.class, () -> new TextTable().words("a").row("1", "2"));
    }
}
