package org.jtorch.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jtorch.DType;
import org.jtorch.OpRecorder;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Module;
import org.jtorch.nn.ModuleCallException;
import org.jtorch.nn.ModuleList;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.flatten.Flatten;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.linear.LazyLinear;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm2d;
import org.junit.jupiter.api.Test;

/** {@link Summary}: shapes, counts, memory, text, and that the model is restored. */
class SummaryTest {

    private static Sequential convNet() {
        return new Sequential(
                new Sequential(new Conv2d(3, 8, 3, o -> o.padding(1)), new BatchNorm2d(8), new ReLU()),
                new Flatten(),
                new Linear(8 * 4 * 4, 10));
    }

    @Test
    void shapesAndCountsOfALayeredModel() {
        Summary summary = Summary.of(convNet(), Torch.ones(2, 3, 4, 4));
        long conv = 2 * 8 * 16 * 27;
        long norm = 2 * 8 * 16;
        long linear = 2 * 128 * 10;
        assertEquals(conv, summary.row("0.0").multiplyAdds());
        assertEquals(norm, summary.row("0.1").multiplyAdds());
        assertEquals(0, summary.row("0.2").multiplyAdds());
        assertEquals(linear, summary.row("2").multiplyAdds());
        assertEquals(conv + norm, summary.row("0").multiplyAdds());
        assertEquals(conv + norm + linear, summary.total().multiplyAdds());

        assertEquals(List.of(List.of(2L, 3L, 4L, 4L)), summary.row("0.0").inputShapes());
        assertEquals(List.of(List.of(2L, 8L, 4L, 4L)), summary.row("0.0").outputShapes());
        assertEquals(List.of(List.of(2L, 128L)), summary.row("1").outputShapes());
        assertEquals(List.of(List.of(2L, 10L)), summary.total().outputShapes());

        long image = 4 * 2 * 8 * 16;
        assertEquals(image, summary.row("0.2").activationBytes());
        assertEquals(3 * image, summary.row("0").activationBytes());
        assertEquals(0, summary.row("1").activationBytes(), "flattening is a view");
        assertEquals(3 * image + 4 * 2 * 10, summary.total().activationBytes());
        assertEquals(4 * 2 * 3 * 16, summary.inputBytes());
        assertEquals(8 * 27 + 8 + 16 + 128 * 10 + 10, summary.total().module().parameters());
    }

    private static final class TwoInputs extends Module<TwoInputs.Input, TwoInputs.Output> {
        record Input(Tensor left, Tensor right) {}

        record Output(Tensor sum, List<Tensor> parts) {}

        Linear shared = new Linear(3, 4);
        ModuleList<Linear> heads = new ModuleList<>(List.of(new Linear(4, 2), new Linear(4, 2)));

        @SuppressWarnings("UnusedVariable") // The field is unused on purpose.
        Linear unused = new Linear(5, 5);

        @Override
        protected Output forward(Input in) {
            Tensor a = shared.call(in.left);
            Tensor b = shared.call(in.right);
            Tensor scores = a.matmul(b.t());
            return new Output(scores, List.of(heads.get(0).call(a), heads.get(1).call(b)));
        }
    }

    @Test
    void severalInputsAndOutputsASharedLayerAndWhatForwardComputesItself() {
        var input = new TwoInputs.Input(Torch.ones(6, 3), Torch.ones(7, 3));
        Summary summary = Summary.of(new TwoInputs(), input);
        assertEquals(List.of(List.of(6L, 3L), List.of(7L, 3L)), summary.total().inputShapes());
        assertEquals(
                List.of(List.of(6L, 7L), List.of(6L, 2L), List.of(7L, 2L)),
                summary.total().outputShapes());
        assertEquals(2, summary.row("shared").calls());
        assertEquals((6 + 7) * 3 * 4, summary.row("shared").multiplyAdds());
        assertEquals(0, summary.row("heads").calls(), "a list is not called");
        assertEquals((6 + 7) * 4 * 2, summary.row("heads").multiplyAdds(), "but counts what is called in it");
        assertEquals(0, summary.row("unused").calls());
        long products = 6 * 7 * 4;
        assertEquals((6 + 7) * (12 + 8) + products, summary.total().multiplyAdds());
        assertTrue(summary.toString().contains("[7, 4] x2"), summary::toString);
        assertTrue(summary.toString().contains("not called"), summary::toString);
    }

    @Test
    void theDepthLimitsTheRowsAndNotTheCounts() {
        Summary all = Summary.of(convNet(), Torch.ones(2, 3, 4, 4));
        Summary limited = all.limitedTo(1);
        assertEquals(
                List.of("", "0", "1", "2"),
                limited.rows().stream().map(r -> r.module().path()).toList());
        assertEquals(all.row("0"), limited.row("0"));
        assertThrows(IllegalArgumentException.class, () -> limited.row("0.1"));
        assertThrows(IllegalArgumentException.class, () -> all.limitedTo(-1));
    }

    @Test
    void theTextIsATableWithTheTotals() {
        Summary summary = Summary.of(new Sequential(new Linear(4, 3), new ReLU()), Torch.ones(2, 4));
        assertEquals("""
                layer    class       output shape  parameters  trainable  multiply-adds  memory
                -------  ----------  ------------  ----------  ---------  -------------  ------
                (model)  Sequential  [2, 3]                15         15             24    48 B
                0        Linear      [2, 3]                15         15             24    24 B
                1        ReLU        [2, 3]                 0          0              0    24 B

                parameters: 15 (15 trainable), 60 B; buffers: 0 B
                input: 32 B; activations: 48 B; all together: 140 B
                multiply-adds: 24""", summary.toString());
    }

    @Test
    void theModelIsLeftAsItWas() {
        Sequential model = convNet();
        model.get(2).eval();
        Summary.of(model, Torch.ones(2, 3, 4, 4));
        model.modules().forEach(m -> assertFalse(m.hasHooks()));
        assertFalse(OpRecorder.isActive());
        assertTrue(model.isTraining());
        assertFalse(model.get(2).isTraining());
        BatchNorm2d norm = (BatchNorm2d) ((Sequential) model.get(0)).get(1);
        assertEquals(0, norm.numBatchesTracked.itemLong());
    }

    @Test
    void hooksGoAlsoWhenForwardThrows() {
        Sequential model = convNet();
        assertThrows(ModuleCallException.class, () -> Summary.of(model, Torch.ones(2, 3, 5, 5)));
        model.modules().forEach(m -> assertFalse(m.hasHooks(), m::className));
        assertFalse(OpRecorder.isActive());
        assertTrue(model.modules().stream().allMatch(Module::isTraining));
        assertEquals(
                2,
                Summary.of(model, Torch.ones(2, 3, 4, 4))
                        .total()
                        .outputShapes()
                        .get(0)
                        .get(0),
                "and again");
    }

    private static final class Recovering extends Module<Tensor, Tensor> {
        Linear wrong = new Linear(5, 5);
        Linear right = new Linear(3, 2);

        @Override
        protected Tensor forward(Tensor x) {
            try {
                return wrong.call(x);
            } catch (ModuleCallException e) {
                return F.relu(right.call(x));
            }
        }
    }

    @Test
    void aFailureThatForwardHandlesDoesNotConfuseTheCounts() {
        Summary summary = Summary.of(new Recovering(), Torch.ones(4, 3));
        assertEquals(4 * 3 * 2, summary.row("right").multiplyAdds());
        assertEquals(4 * 3 * 2, summary.total().multiplyAdds());
        assertEquals(0, summary.row("wrong").multiplyAdds());
        assertEquals(2 * 4 * 4 * 2, summary.total().activationBytes(), "right's output and what the relu made of it");
    }

    @Test
    void lazyModulesGetTheirShapesAndCanBeTrainedAfterwards() {
        Sequential model = new Sequential(new Linear(4, 8), new LazyLinear(3));
        Summary summary = Summary.of(model, Torch.ones(2, 4));
        assertEquals(8 * 3 + 3, summary.row("1").module().parameters());
        assertEquals(2 * 8 * 3, summary.row("1").multiplyAdds());
        model.call(Torch.ones(2, 4)).sum().backward();
        assertTrue(GradientFlow.of(model).isHealthy());
    }

    @Test
    void bytesFollowTheDtype() {
        Summary summary =
                Summary.of(convNet().to(DType.FLOAT64), Torch.ones(2, 3, 4, 4).to(DType.FLOAT64));
        assertEquals(8 * 2 * 10, summary.row("2").activationBytes());
    }
}
