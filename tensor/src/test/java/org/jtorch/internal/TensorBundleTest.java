package org.jtorch.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jtorch.DType;
import org.jtorch.OpRecorder;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.junit.jupiter.api.Test;

class TensorBundleTest {

    private static final Operator ADD = Operator.find("aten::_foreach_add", "List");
    private static final Operator ADD_ = Operator.find("aten::_foreach_add_", "List");
    private static final Operator MUL_ = Operator.find("aten::_foreach_mul_", "Scalar");

    private static List<Tensor> tensors(int count, double first) {
        return IntStream.range(0, count)
                .mapToObj(i -> Torch.full(new long[] {3}, first + i))
                .toList();
    }

    private static long uses(Tensor tensor) {
        return Handles.of(tensor).use_count();
    }

    @Test
    void givesWhatListsGive() {
        try (TensorBundle a = TensorBundle.of(tensors(3, 1));
                TensorBundle b = TensorBundle.of(tensors(3, 10));
                TensorBundle sums = a.make(ADD, b, 2)) {
            assertEquals(3, sums.size());
            assertArrayEquals(new float[] {21, 21, 21}, sums.get(0).toFloatArray());
            assertArrayEquals(new float[] {27, 27, 27}, sums.get(2).toFloatArray());
            assertSame(sums, sums.change(MUL_, 2));
            assertArrayEquals(new float[] {42, 42, 42}, sums.get(0).toFloatArray());
            assertArrayEquals(new long[] {3, 3}, sums.stack().shape());
        }
    }

    @Test
    void changesTheTensorsThatItWasGiven() {
        List<Tensor> given = tensors(2, 1);
        try (TensorBundle bundle = TensorBundle.of(given)) {
            bundle.change(ADD_, bundle, 1);
            assertSame(given.get(1), bundle.get(1));
        }
        assertArrayEquals(new float[] {4, 4, 4}, given.get(1).toFloatArray());
    }

    @Test
    void keepsNoTensorAfterItIsClosed() {
        List<Tensor> given = tensors(2, 1);
        TensorBundle bundle = TensorBundle.of(given);
        TensorBundle made = bundle.make(ADD, bundle, 1);
        bundle.change(MUL_, 2);
        Tensor first = made.get(0);
        assertEquals(2, uses(given.get(0)));
        assertEquals(2, uses(first));
        made.close();
        bundle.close();
        assertEquals(1, uses(given.get(0)));
        assertEquals(1, uses(first));
        assertArrayEquals(new float[] {2, 2, 2}, first.toFloatArray());
        assertThrows(IllegalStateException.class, () -> bundle.change(MUL_, 2));
    }

    @Test
    void scopeFreesTheTensorsOfJava() {
        try (TensorBundle bundle = TensorBundle.of(tensors(2, 1));
                TensorBundle made = bundle.make(ADD, bundle, 1)) {
            Tensor first;
            try (TensorScope scope = new TensorScope()) {
                first = made.get(0);
                assertTrue(scope.owns(first));
            }
            assertThrows(IllegalStateException.class, first::shape);
        }
    }

    @Test
    void isRecordedWithTensors() {
        List<Tensor> given = tensors(2, 1);
        List<Tensor> other = tensors(2, 5);
        List<OpRecorder.RecordedOp> expected = new ArrayList<>();
        try (OpRecorder recorder = OpRecorder.start(expected::add)) {
            ADD.call(given, other, 1);
            MUL_.call(given, 2);
            Torch.stack(given);
        }
        List<OpRecorder.RecordedOp> recorded = new ArrayList<>();
        try (TensorBundle a = TensorBundle.of(given);
                TensorBundle b = TensorBundle.of(other);
                OpRecorder recorder = OpRecorder.start(recorded::add)) {
            TensorBundle made = a.make(ADD, b, 1);
            assertSame(((List<?>) ((List<?>) recorded.get(0).result()).get(0)).get(1), made.get(1));
            a.change(MUL_, 2);
            a.stack();
            assertNull(a.scalar(2));
        }
        assertEquals(expected.size(), recorded.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).operator(), recorded.get(i).operator());
            assertEquals(expected.get(i).arguments(), recorded.get(i).arguments());
        }
    }

    @Test
    void refusesWhatOperatorsRefuse() {
        try (TensorBundle two = TensorBundle.of(tensors(2, 1));
                TensorBundle three = TensorBundle.of(tensors(3, 1))) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> two.change(ADD_, three, 1));
            assertEquals("the lists have 2 and 3 elements, but must have the same length", e.getMessage());
            e = assertThrows(IllegalArgumentException.class, () -> two.change(MUL_, three));
            assertTrue(e.getMessage().contains("of type Scalar, but was given a"), e.getMessage());
            assertThrows(
                    TorchException.class,
                    () -> two.change(ADD_, TensorBundle.of(List.of(Torch.ones(2), Torch.ones(2))), 1));
        }
        List<Tensor> given = tensors(2, 1);
        given.get(1).close();
        IllegalStateException freed = assertThrows(
                IllegalStateException.class, () -> TensorBundle.of(given).change(MUL_, 2));
        IllegalStateException called = assertThrows(IllegalStateException.class, () -> MUL_.call(given, 2));
        assertEquals(called.getMessage(), freed.getMessage());
        assertArrayEquals(new float[] {1, 1, 1}, given.get(0).toFloatArray());
    }

    @Test
    void numberHasTheDtypeOfTheTensors() {
        Tensor doubles = Torch.ones(new long[] {2}, TensorOptions.of(DType.FLOAT64));
        try (TensorBundle floats = TensorBundle.of(tensors(2, 1));
                TensorBundle others = TensorBundle.of(List.of(doubles, doubles));
                TensorBundle mixed = TensorBundle.of(List.of(doubles, Torch.ones(2)));
                TensorBundle sums = floats.make(ADD, floats, 1);
                TensorBundle promoted =
                        TensorBundle.of(List.of(Torch.ones(2), Torch.ones(2))).make(ADD, others, 1)) {
            assertEquals(
                    DType.FLOAT32, Objects.requireNonNull(floats.scalar(1e300)).dtype());
            assertEquals(
                    Double.POSITIVE_INFINITY,
                    Objects.requireNonNull(floats.scalar(1e300)).item());
            assertEquals(DType.FLOAT32, Objects.requireNonNull(sums.scalar(0.1)).dtype());
            assertEquals(0.1, Objects.requireNonNull(others.scalar(0.1)).item());
            assertNull(mixed.scalar(0.1));
            assertNull(promoted.scalar(0.1));
        }
    }

    @Test
    void gradientsAreBundledByDtype() {
        List<Tensor> parameters = List.of(
                Torch.ones(2).requiresGrad_(),
                Torch.ones(new long[] {2}, TensorOptions.of(DType.FLOAT64)).requiresGrad_(),
                Torch.ones(3).requiresGrad_(),
                Torch.ones(2).requiresGrad_());
        parameters.get(0).setGrad(Torch.full(new long[] {2}, 4.0));
        parameters.get(1).setGrad(Torch.ones(new long[] {2}, TensorOptions.of(DType.FLOAT64)));
        parameters.get(3).setGrad(Torch.full(new long[] {2}, 5.0));
        try (TensorBundles bundles = TensorBundles.gradientsOf(parameters)) {
            Iterator<TensorBundle> each = bundles.iterator();
            TensorBundle floats = each.next();
            assertEquals(2, floats.size());
            assertTrue(floats.device().type().equals("cpu"));
            floats.change(MUL_, 2);
            assertArrayEquals(new float[] {10, 10}, floats.get(1).toFloatArray());
            assertEquals(1, each.next().size());
            assertTrue(!each.hasNext());
        }
        assertArrayEquals(new float[] {8, 8}, parameters.get(0).grad().toFloatArray());
    }
}
