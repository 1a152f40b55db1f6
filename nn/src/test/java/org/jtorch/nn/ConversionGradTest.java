package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.MemoryFormat;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.linear.Linear;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A module is converted between forward and backward, and the parameters still receive their gradients. The dtypes and values
 * are those of PyTorch 2.14.
 */
class ConversionGradTest {

    private static final Tensor X = Torch.tensor(new float[] {1, 2, 3, 4}).view(2, 2);

    static Stream<Arguments> conversions() {
        return Stream.of(
                conversion("double", DType.FLOAT64, Module::toDouble),
                conversion("half", DType.FLOAT16, Module::half),
                conversion("bfloat16", DType.BFLOAT16, m -> m.to(DType.BFLOAT16)),
                conversion("twice", DType.FLOAT16, m -> m.toDouble().half()),
                conversion("and back", DType.FLOAT32, m -> m.half().toFloat()),
                conversion("data", DType.FLOAT32, m -> m.parameters().forEach(p -> p.setData(Torch.zerosLike(p)))));
    }

    private static Arguments conversion(String name, DType to, Consumer<Module<?, ?>> conversion) {
        return Arguments.of(name, to, conversion);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("conversions")
    void theFirstGradientKeepsTheDtypeOfItsForward(String name, DType to, Consumer<Module<?, ?>> conversion) {
        Linear m = new Linear(2, 1);
        Tensor y = m.call(X);
        conversion.accept(m);
        y.sum().backward();
        assertEquals(to, m.weight.dtype());
        assertGrad(DType.FLOAT32, new double[] {4, 6}, m.weight);
        assertGrad(DType.FLOAT32, new double[] {2}, m.bias);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("conversions")
    void aGradientIsAddedToTheConvertedOne(String name, DType to, Consumer<Module<?, ?>> conversion) {
        Linear m = new Linear(2, 1);
        m.call(X).sum().backward();
        Tensor y = m.call(X);
        conversion.accept(m);
        y.sum().backward();
        assertGrad(to, new double[] {8, 12}, m.weight);
        assertGrad(to, new double[] {4}, m.bias);
    }

    private static void assertGrad(DType dtype, double[] values, Parameter parameter) {
        Tensor grad = parameter.grad();
        assertNotNull(grad);
        assertEquals(dtype, grad.dtype());
        assertArrayEquals(values, grad.to(DType.FLOAT64).flatten().toDoubleArray());
    }

    @Test
    void gradientsClearedMeanwhileAreGone() {
        Linear m = new Linear(2, 1);
        m.call(X).sum().backward();
        Tensor y = m.call(X);
        m.toDouble();
        m.zeroGrad();
        assertNull(m.weight.grad());
        y.sum().backward();
        assertGrad(DType.FLOAT32, new double[] {4, 6}, m.weight);
        m.zeroGrad();
        assertNull(m.weight.grad());
    }

    @Test
    void gradientsThatCameAreClearedToo() {
        Linear m = new Linear(2, 1);
        Tensor y = m.call(X);
        m.toDouble();
        y.sum().backward();
        m.zeroGrad();
        assertNull(m.weight.grad());
        Tensor seven = Torch.full(new long[] {1, 2}, 7.0).to(DType.FLOAT64);
        m.weight.setGrad(seven);
        assertGrad(DType.FLOAT64, new double[] {7, 7}, m.weight);
    }

    @Test
    void laterGradientsAreAddedToTheFirst() {
        Linear m = new Linear(2, 1);
        Tensor y = m.call(X);
        m.toDouble();
        y.sum().backward();
        assertGrad(DType.FLOAT32, new double[] {4, 6}, m.weight);
        m.call(X.to(DType.FLOAT64)).sum().backward();
        assertGrad(DType.FLOAT32, new double[] {8, 12}, m.weight);
    }

    @Test
    void aGradientHasTheStridesOfItsConvertedParameter() {
        Conv2d m = new Conv2d(2, 2, 2);
        Tensor y = m.call(Torch.arange(36.0).to(DType.FLOAT32).view(2, 2, 3, 3));
        m.to(MemoryFormat.CHANNELS_LAST);
        y.sum().backward();
        Tensor grad = m.weight.grad();
        assertNotNull(grad);
        assertArrayEquals(new long[] {8, 1, 4, 2}, grad.strides());
        assertArrayEquals(
                new float[] {88, 96, 112, 120}, grad.flatten().slice(0, 0, 4).toFloatArray());
        assertArrayEquals(new float[] {8, 8}, m.bias.grad().toFloatArray());
    }

    @Test
    void moreThanOneLayer() {
        Sequential m = new Sequential(new Linear(2, 2), new Linear(2, 1));
        Tensor y = m.call(X);
        m.toDouble();
        y.sum().backward();
        Sequential plain = Module.deepCopy(m);
        plain.toFloat();
        plain.call(X).sum().backward();
        for (int i = 0; i < 4; i++) {
            assertArrayEquals(
                    plain.parameters().get(i).grad().flatten().toFloatArray(),
                    m.parameters().get(i).grad().flatten().toFloatArray());
        }
    }

    /** PyTorch: [('hook', float32), ('post', float64, float32, [[4, 6]])]. */
    @Test
    void hooksOfTheParameterSeeIt() {
        Linear m = new Linear(2, 1);
        List<String> seen = new ArrayList<>();
        m.weight.registerHook(grad -> {
            seen.add("hook " + grad.dtype());
            return null;
        });
        m.weight.registerPostAccumulateGradHook(p -> seen.add("post " + p.dtype() + " "
                + p.grad().dtype() + " " + p.grad().select(0, 0).select(0, 1).item()));
        Tensor y = m.call(X);
        m.toDouble();
        y.sum().backward();
        assertEquals(List.of("hook torch.float32", "post torch.float64 torch.float32 6.0"), seen);
    }

    @Test
    void toEmptyKeepsThemToo() {
        Linear m = new Linear(2, 1);
        Tensor y = m.call(X);
        m.toEmpty(Device.CPU);
        y.sum().backward();
        assertGrad(DType.FLOAT32, new double[] {4, 6}, m.weight);
    }
}
