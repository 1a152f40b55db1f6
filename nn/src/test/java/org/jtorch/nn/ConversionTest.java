package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.UnaryOperator;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.loss.CrossEntropyLoss;
import org.jtorch.nn.norm.BatchNorm1d;
import org.junit.jupiter.api.Test;

/** Converting the dtype of a module: the objects stay. */
class ConversionTest {

    @Test
    void parametersStayTheSameObjects() {
        Linear m = new Linear(2, 3);
        Parameter weight = m.weight;
        List<Parameter> optimizers = m.parameters();
        String before = Recording.bits(weight);
        assertSame(m, m.to(DType.FLOAT64));
        assertSame(weight, m.weight);
        assertEquals(optimizers, m.parameters());
        assertEquals(DType.FLOAT64, weight.dtype());
        assertTrue(weight.requiresGrad() && weight.isLeaf());
        assertEquals(
                DType.FLOAT64,
                m.call(Torch.ones(new long[] {1, 2}, TensorOptions.of(DType.FLOAT64)))
                        .dtype());
        assertEquals(DType.FLOAT64, m.stateDict().get("weight").dtype());
        m.toFloat();
        assertEquals(before, Recording.bits(weight), "float32 through float64 loses nothing");
    }

    @Test
    void tiedParametersStayTied() {
        Linear a = new Linear(2, 2);
        Linear b = new Linear(2, 2);
        b.weight = a.weight;
        Sequential m = new Sequential(a, b);
        m.toDouble();
        assertSame(a.weight, b.weight);
        assertEquals(DType.FLOAT64, a.weight.dtype());
        m.call(Torch.ones(new long[] {1, 2}, TensorOptions.of(DType.FLOAT64)))
                .sum()
                .backward();
        assertNotNull(b.weight.grad());
    }

    @Test
    void gradientsAreConvertedBesideTheirParameters() {
        Linear m = new Linear(2, 1);
        m.call(Torch.ones(1, 2)).sum().backward();
        m.to(DType.FLOAT64);
        Tensor grad = m.weight.grad();
        assertEquals(DType.FLOAT64, grad.dtype());
        assertEquals(2.0, grad.sum().item());
        m.call(Torch.ones(new long[] {1, 2}, TensorOptions.of(DType.FLOAT64)))
                .sum()
                .backward();
        assertEquals(4.0, m.weight.grad().sum().item(), "it goes on adding up");
    }

    @Test
    void integersStayIntegers() {
        BatchNorm1d m = new BatchNorm1d(2);
        Tensor tracked = m.numBatchesTracked;
        m.half();
        assertEquals(DType.FLOAT16, m.runningMean.dtype());
        assertEquals(DType.INT64, m.numBatchesTracked.dtype());
        assertSame(tracked, m.numBatchesTracked);
        m.bfloat16();
        assertEquals(DType.BFLOAT16, m.weight.dtype());
        m.to(Device.CPU).cpu();
        assertEquals(DType.BFLOAT16, m.weight.dtype());
    }

    @Test
    void onlyFloatingPointIsAccepted() {
        assertEquals(
                "nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=torch.int64",
                assertThrows(IllegalArgumentException.class, () -> new Linear(1, 1).to(DType.INT64))
                        .getMessage());
    }

    @Test
    void aTensorThatWasGivenAsABufferStaysAsItIs() {
        Tensor weight = Torch.ones(3);
        CrossEntropyLoss loss = new CrossEntropyLoss(o -> o.weight(weight));
        loss.to(DType.FLOAT64);
        assertEquals(DType.FLOAT32, weight.dtype());
        assertEquals(DType.FLOAT64, loss.weight.dtype());
    }

    // --- what a class converts by itself -----------------------------------------------------------------------

    /** It has a tensor that is neither a parameter nor a buffer. */
    private static final class WithTable extends SystemModels.Plain {
        Linear fc = new Linear(2, 2);

        @Unregistered
        Tensor table = Torch.ones(2);

        int conversions;

        @Override
        protected void convert(UnaryOperator<Tensor> conversion) {
            super.convert(conversion);
            table = conversion.apply(table);
            conversions++;
        }
    }

    /** It keeps its own parameters in float32, whatever dtype the others get. */
    private static final class Precise extends SystemModels.Plain {
        Parameter scale = new Parameter(Torch.ones(2));
        Linear fc = new Linear(2, 2);

        @Override
        protected void convert(UnaryOperator<Tensor> conversion) {
            super.convert(t -> conversion.apply(t).to(DType.FLOAT32));
        }
    }

    /** It is not converted. */
    private static final class Frozen extends SystemModels.Plain {
        Parameter scale = new Parameter(Torch.ones(2));

        @Override
        protected void convert(UnaryOperator<Tensor> conversion) {}
    }

    @Test
    void anOverriddenConversionTakesMoreTensorsAlong() {
        WithTable m = new WithTable();
        Sequential net = new Sequential(m, m);
        try (TensorScope scope = new TensorScope()) {
            net.to(DType.FLOAT64);
        }
        assertEquals(DType.FLOAT64, m.table.dtype());
        assertEquals(DType.FLOAT64, m.fc.weight.dtype());
        assertEquals(2.0, m.table.sum().item(), "no scope owns it");
        assertEquals(1, m.conversions, "a shared module is converted once");
        net.half();
        assertEquals(DType.FLOAT16, m.table.dtype());
        net.to(DType.BFLOAT16);
        assertEquals(DType.BFLOAT16, m.table.dtype());
        net.type(DType.FLOAT32);
        assertEquals(DType.FLOAT32, m.table.dtype());
        net.toEmpty(Device.META);
        assertTrue(m.table.isMeta());
    }

    @Test
    void anOverriddenConversionMayKeepAndRefuse() {
        Precise precise = new Precise();
        Frozen frozen = new Frozen();
        Sequential net = new Sequential(precise, frozen);
        net.half();
        assertEquals(DType.FLOAT32, precise.scale.dtype());
        assertEquals(DType.FLOAT16, precise.fc.weight.dtype());
        assertEquals(DType.FLOAT32, frozen.scale.dtype());
    }

    @Test
    void whatIsTiedAcrossModulesIsConvertedOnce() {
        Linear a = new Linear(2, 2);
        Linear b = new Linear(2, 2);
        b.weight = a.weight;
        int[] calls = {0};
        Conversion.apply(new Sequential(a, b), true, t -> {
            calls[0]++;
            return t.to(DType.FLOAT64);
        });
        assertEquals(3, calls[0]);
    }
}
