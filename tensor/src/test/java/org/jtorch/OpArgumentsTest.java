package org.jtorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jtorch.internal.engine.Taps;
import org.junit.jupiter.api.Test;

/** How arguments reach the engine, and how failures come back. */
class OpArgumentsTest {

    @Test
    void optionalStringsOutliveTheirMaking() {
        Tensor x = Torch.tensor(new float[] {-1.5f, 1.5f});
        List<byte[]> garbage = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            assertArrayEquals(
                    new float[] {-2, 1}, x.div(Torch.tensor(1.0), "floor").toFloatArray());
            garbage.add(new byte[20 + i % 7]);
            if (i % 500 == 0) {
                garbage.clear();
                System.gc();
            }
        }
        var e = assertThrows(TorchException.class, () -> x.div(2, "up"));
        assertEquals(
                "div expected rounding_mode to be one of None, 'trunc', or 'floor' but found 'up'", e.getMessage());
    }

    @Test
    void optionalIntegersTakeAnyIntegralNumber() {
        Tensor x = Torch.arange(6);
        assertArrayEquals(new long[] {1, 3}, x.slice(0, 1, 5, 2).toLongArray());
        assertArrayEquals(new long[] {4, 5}, x.slice(0, 4L, null).toLongArray());
        var e = assertThrows(IllegalArgumentException.class, () -> x.slice(0, 1.5, null));
        assertEquals("expected an integer or null, not 1.5", e.getMessage());
    }

    @Test
    void factoriesHonourTheirOptions() {
        Tensor x = Torch.zeros(new long[] {2}, TensorOptions.of(DType.FLOAT64).requiresGrad(true));
        assertTrue(x.requiresGrad());
        assertEquals(DType.FLOAT64, x.dtype());
        assertTrue(Torch.randnLike(x, TensorOptions.DEFAULT.requiresGrad(true)).requiresGrad());
        assertFalse(Torch.onesLike(x).requiresGrad());
        assertEquals(
                DType.INT64,
                Torch.randint(0, 5, new long[] {2}, new Generator()).dtype());
        assertEquals(
                Device.META,
                Torch.empty(new long[] {2}, TensorOptions.of(Device.META)).device());
        assertArrayEquals(new long[] {2, 3}, Torch.ones(2, 3).shape());
    }

    @Test
    void generatorsHaveStreamsOfTheirOwn() {
        double[] a = Torch.rand(new long[] {3}, new Generator().manualSeed(7)).toDoubleArray();
        Torch.manualSeed(7);
        assertArrayEquals(a, Torch.rand(3).toDoubleArray());
        assertArrayEquals(
                a, Torch.zeros(3).uniform_(0, 1, new Generator().manualSeed(7)).toDoubleArray());
    }

    @Test
    void devicesAndConversions() {
        Tensor x = Torch.ones(2);
        assertEquals(Device.META, x.to(Device.META).device());
        assertEquals(DType.FLOAT16, x.to(Device.META, DType.FLOAT16).dtype());
        assertEquals(DType.BFLOAT16, x.bfloat16().dtype());
        assertTrue(x.to(Device.CPU).isAliasOf(x), "already there");
        assertFalse(x.to(Device.CPU, false, true).isAliasOf(x), "a copy was asked for");
        Tensor image = Torch.ones(1, 2, 3, 3).to(MemoryFormat.CHANNELS_LAST);
        assertTrue(image.isContiguous(MemoryFormat.CHANNELS_LAST));
        assertFalse(image.isContiguous());
    }

    @Test
    void inPlaceOpsGiveTheTensorItself() {
        Tensor x = Torch.ones(2);
        assertSame(x, x.add_(1).mul_(3).clamp_(0, 5));
        assertArrayEquals(new float[] {5, 5}, x.toFloatArray());
        assertSame(x, x.unsqueeze_(0));
        assertArrayEquals(new long[] {1, 2}, x.shape());
    }

    @Test
    void closedTensorsAreRefusedEverywhere() {
        Tensor x = Torch.ones(2);
        Tensor y = Torch.ones(2);
        x.close();
        List<Runnable> uses = List.of(
                () -> x.add(y),
                () -> y.add(x),
                () -> y.add_(x),
                () -> Torch.cat(List.of(y, x)),
                () -> y.clamp(null, x),
                x::item,
                x::shape,
                x::close,
                () -> x.index(TensorIndex.at(0)));
        for (Runnable use : uses) {
            var e = assertThrows(IllegalStateException.class, use::run);
            assertTrue(e.getMessage().startsWith("this tensor was freed by close()"), e.getMessage());
        }
    }

    @Test
    void failuresAreTheEnginesWords() {
        var e = assertThrows(TorchException.class, () -> Torch.ones(2, 3).matmul(Torch.ones(4, 2)));
        assertEquals("mat1 and mat2 shapes cannot be multiplied (2x3 and 4x2)", e.getMessage());
    }

    @Test
    void aRecorderSeesAForwardPass() {
        Tensor x = Torch.ones(2, 4);
        Tensor w1 = Torch.ones(8, 4);
        Tensor w2 = Torch.ones(3, 8);
        Tensor bias = Torch.zeros(8);
        Tensor target = Torch.tensor(new long[] {0, 2});
        List<OpRecorder.RecordedOp> ops = new ArrayList<>();
        Tensor loss;
        try (var recorder = OpRecorder.start(ops::add)) {
            loss = x.linear(w1, bias).relu().dropout(0.5, true).linear(w2).crossEntropyLoss(target, null, 1, -100, 0);
        }
        x.add(1);
        assertEquals(
                List.of("aten::linear", "aten::relu", "aten::dropout", "aten::linear", "aten::cross_entropy_loss"),
                ops.stream().map(OpRecorder.RecordedOp::operator).toList());
        assertEquals(List.of(x, w1, bias), ops.get(0).arguments());
        assertSame(ops.get(0).result(), ops.get(1).arguments().get(0));
        assertEquals(true, ops.get(2).arguments().get(2));
        assertEquals(0.5, ops.get(2).arguments().get(1));
        assertEquals(null, ops.get(3).arguments().get(2));
        assertSame(loss, ops.get(4).result());
    }

    @Test
    void aRecorderIsToldWhenValuesAreRead() {
        Tensor x = Torch.ones(1);
        List<Tensor> read = new ArrayList<>();
        OpRecorder.Listener listener = new OpRecorder.Listener() {
            @Override
            public void onOp(OpRecorder.RecordedOp op) {}

            @Override
            public void onRead(Tensor tensor) {
                read.add(tensor);
            }
        };
        List<Runnable> readings = List.of(
                x::item,
                x::itemLong,
                x::toFloatArray,
                x::toDoubleArray,
                x::toLongArray,
                x::toIntArray,
                x::toShortArray,
                x::toByteArray,
                x::toBooleanArray,
                x::byteBuffer,
                () -> x.byteBuffer(0, 4),
                () -> x.copyTo(FloatBuffer.allocate(1)),
                () -> x.copyTo(ByteBuffer.allocate(4)));
        try (var recorder = OpRecorder.start(listener)) {
            for (Runnable reading : readings) {
                reading.run();
                assertEquals(List.of(x), read);
                read.clear();
            }
            x.shape();
            x.add(1);
        }
        x.item();
        assertEquals(List.of(), read);
    }

    @Test
    void aRecorderSeesTheArgumentsOfWhereInTheOrderOfTheOperator() {
        Tensor x = Torch.ones(2);
        Tensor condition = x.gt(0);
        List<Object> arguments = new ArrayList<>();
        try (var recorder = OpRecorder.start(op -> arguments.addAll(op.arguments()))) {
            x.where(condition, 0);
        }
        assertEquals(List.of(condition, x, 0), arguments);
    }

    @Test
    void recordersNestAndEnd() {
        List<String> outer = new ArrayList<>();
        List<String> inner = new ArrayList<>();
        Tensor x = Torch.ones(2);
        try (var a = OpRecorder.start(op -> outer.add(op.operator()))) {
            x.neg();
            try (var b = OpRecorder.start(op -> inner.add(op.operator()))) {
                x.add_(1);
                assertThrows(IllegalStateException.class, a::close);
            }
            Torch.zeros(3);
        }
        assertEquals(List.of("aten::neg", "aten::add_", "aten::zeros"), outer);
        assertEquals(List.of("aten::add_"), inner);
        assertFalse(Taps.on);
    }
}
