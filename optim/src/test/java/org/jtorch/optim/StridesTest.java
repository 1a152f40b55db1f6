package org.jtorch.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import org.jtorch.DType;
import org.jtorch.MemoryFormat;
import org.jtorch.OpRecorder;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.state.StateDict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Parameters, gradients and state that lie in memory in any way are optimized as PyTorch 2.14 does it, whose values stand in
 * the comments' cases; the fused kernel alone would mix up their elements, or leave their memory.
 */
class StridesTest {

    private static Tensor linspace(int steps, long... shape) {
        return Torch.linspace(-1, 1, steps).view(shape);
    }

    private static Tensor tensor(float... values) {
        return Torch.tensor(values);
    }

    private static AdamW adamW(Tensor... parameters) {
        return new AdamW(List.of(parameters), o -> o.lr(0.1));
    }

    private static void steps(Optimizer<?> optimizer, Tensor parameter, Tensor... gradients) {
        for (Tensor gradient : gradients) {
            parameter.setGrad(gradient);
            optimizer.step();
        }
    }

    private static void assertValues(Tensor actual, double... expected) {
        assertArrayEquals(expected, actual.detach().toDoubleArray(), 1e-6);
    }

    private static long fusedCalls(Runnable body) {
        List<String> ops = new ArrayList<>();
        try (OpRecorder recorder = OpRecorder.start(op -> ops.add(op.operator()))) {
            body.run();
        }
        return ops.stream().filter("aten::_fused_adamw_"::equals).count();
    }

    // --- gradients ---------------------------------------------------------------------------------------------

    /** The gradient of a sum is one number, expanded: p = linspace(-1, 1, 8), lr = 0.1. */
    @Test
    void anExpandedGradient() {
        Parameter p = new Parameter(Torch.linspace(-1, 1, 8));
        Tensor gradient = Objects.requireNonNull(Autograd.grad(p.sum(), p));
        assertEquals(0, gradient.stride(0));
        steps(adamW(p), p, gradient);
        assertValues(
                p, -1.09899998, -0.81357139, -0.52814281, -0.24271423, 0.04271426, 0.32814285, 0.61357147, 0.89900005);
    }

    /** The same with 10^6 zeros and two steps: -0.1999 each. */
    @Test
    void aLargeExpandedGradient() {
        Parameter p = new Parameter(Torch.zeros(1_000_000));
        AdamW optimizer = adamW(p);
        for (int i = 0; i < 2; i++) {
            steps(optimizer, p, Objects.requireNonNull(Autograd.grad(p.sum(), p)));
        }
        assertEquals(-0.19989998638629913, p.min().item(), 1e-7);
        assertEquals(-0.19989998638629913, p.max().item(), 1e-7);
    }

    @Test
    void aTransposedGradient() {
        Parameter p = new Parameter(linspace(6, 2, 3));
        Tensor gradient = Torch.arange(0, 6, 1, TensorOptions.of(DType.FLOAT32))
                .view(3, 2)
                .t();
        steps(adamW(p), p, gradient, gradient);
        assertValues(p, -0.99800104, -0.79870063, -0.39950019, -0.0002998, 0.39890063, 0.79810107);
    }

    @Test
    void aGradientOfOneElementIsRefused() {
        Parameter p = new Parameter(Torch.ones(2, 3));
        TorchException e = assertThrows(TorchException.class, () -> p.setGrad(Torch.ones(1)));
        assertEquals(
                "attempting to assign a gradient of size '[1]' to a tensor of size '[2, 3]'."
                        + " Please ensure that the gradient and the tensor are the same size",
                e.getMessage());
        // the same for one that a change of the shape in place has left
        p.setGrad(Torch.ones(2, 3));
        try (GradMode mode = Autograd.noGrad()) {
            Operator.find("aten::t_", "").call(p);
        }
        for (Optimizer<?> optimizer : List.of(adamW(p), new SGD(List.of(p)))) {
            IllegalStateException left = assertThrows(IllegalStateException.class, optimizer::step);
            assertTrue(
                    left.getMessage()
                            .startsWith("parameter 0 of group 0 is of shape [3, 2], but its gradient of shape [2, 3]"),
                    left.getMessage());
        }
        assertValues(p, 1, 1, 1, 1, 1, 1);
    }

    /** torch._neg_view(tensor([1., -2.])) as the gradient of [1., 2.]; PyTorch's own fused kernel refuses it. */
    @Test
    void lazyNegativesAndConjugates() {
        Parameter p = new Parameter(tensor(1f, 2f));
        Tensor negative = (Tensor)
                Operator.find("aten::_neg_view", "").call(tensor(1f, -2f)).get(0);
        assertTrue(negative.isNeg());
        steps(adamW(p), p, negative);
        assertValues(p, 1.0989999771118164, 1.8980000019073486);
        // the same memory the other way around
        Parameter lazy = new Parameter((Tensor)
                Operator.find("aten::_neg_view", "").call(tensor(-1f, -2f)).get(0));
        steps(adamW(lazy), lazy, tensor(-1f, 2f));
        assertValues(lazy, 1.0989999771118164, 1.8980000019073486);

        Parameter c = new Parameter(complex(1, 0, 2, -1));
        steps(adamW(c), c, complex(1, 2, 0, -1).conj());
        assertValues(c.detach().viewAsReal().view(4), 0.89900005, 0.09999999, 1.99800003, -1.09899998);
        Parameter conjugate = new Parameter(complex(1, 0, 2, -1).conj());
        conjugate.setGrad(complex(1, 2, 0, -1));
        assertThrows(TorchException.class, () -> adamW(conjugate).step());
    }

    // --- parameters --------------------------------------------------------------------------------------------

    /** base = linspace(-1, 1, 12).view(3, 4), p = base[:, 1:3]; the elements next to p do not change. */
    @Test
    void aSliceAsParameter() {
        Tensor base = linspace(12, 3, 4);
        Parameter p = new Parameter(base.narrow(1, 1, 2));
        Tensor gradient = Torch.arange(0, 6, 1, TensorOptions.of(DType.FLOAT32)).view(3, 2);
        steps(adamW(p), p, gradient, gradient);
        assertValues(
                base,
                -1.0,
                -0.81654626,
                -0.83499157,
                -0.45454544,
                -0.27272725,
                -0.29062733,
                -0.10917267,
                0.27272725,
                0.45454544,
                0.4351916,
                0.61664629,
                1.0);
    }

    @Test
    void aTransposeAsParameter() {
        Tensor base = linspace(6, 2, 3);
        Parameter p = new Parameter(base.t());
        Tensor gradient = Torch.arange(0, 6, 1, TensorOptions.of(DType.FLOAT32)).view(3, 2);
        steps(adamW(p), p, gradient, gradient);
        assertValues(base, -0.99800104, -0.79870063, -0.39950019, -0.0002998, 0.39890063, 0.79810107);
    }

    /** A tensor that is transposed everywhere is dense, so the kernel changes it. */
    @Test
    void equalStridesAreFused() {
        Parameter p = new Parameter(linspace(6, 2, 3).t());
        p.setGrad(Torch.arange(0, 6, 1, TensorOptions.of(DType.FLOAT32))
                .view(2, 3)
                .t());
        AdamW optimizer = adamW(p);
        assertEquals(1, fusedCalls(optimizer::step));
        assertValues(p, -0.999, 0.0998, -0.6994, 0.4994, -0.2998, 0.899);
    }

    @Test
    void anExpandedParameterIsRefused() {
        Parameter p = new Parameter(Torch.ones(1).expand(4));
        p.setGrad(Torch.ones(4));
        for (Optimizer<?> optimizer : List.of(adamW(p), new SGD(List.of(p)))) {
            TorchException e = assertThrows(TorchException.class, optimizer::step);
            assertTrue(
                    e.getMessage()
                            .contains(
                                    "more than one element of the written-to tensor refers to a single memory location"),
                    e.getMessage());
        }
        assertEquals(1, p.max().item());
    }

    /** qkv = linspace(-1, 1, 12).view(2, 6), in three parameters. */
    @Test
    void partsOfOneTensorAsParameters() {
        for (boolean all : new boolean[] {false, true}) {
            Tensor qkv = linspace(12, 2, 6);
            List<Tensor> parts = qkv.chunk(3, 1);
            List<Linear> layers = new ArrayList<>();
            for (Tensor part : parts) {
                Linear layer = new Linear(2, 2, o -> o.bias(false));
                StateDict state = new StateDict();
                state.put("weight", part);
                layer.loadStateDict(state, true, true);
                layers.add(layer);
            }
            Parameter[] weights = layers.stream().map(l -> l.weight).toArray(Parameter[]::new);
            AdamW optimizer = all ? adamW(weights) : adamW(weights[0]);
            for (int i = 0; i < 2; i++) {
                for (int j = 0; j < (all ? 3 : 1); j++) {
                    weights[j].setGrad(Torch.arange(0, 4, 1, TensorOptions.of(DType.FLOAT32))
                            .view(2, 2)
                            .sub(j));
                }
                optimizer.step();
            }
            if (all) {
                assertValues(
                        qkv,
                        -0.99800104,
                        -1.01644623,
                        -0.4351916,
                        -0.4536368,
                        -0.07228208,
                        0.10917265,
                        -0.10917265,
                        0.07228208,
                        0.25373682,
                        0.4351916,
                        0.81654626,
                        0.79810101);
            } else {
                assertValues(
                        qkv,
                        -0.99800104,
                        -1.01644623,
                        -0.63636363,
                        -0.45454544,
                        -0.27272725,
                        -0.09090906,
                        -0.10917265,
                        0.07228208,
                        0.45454544,
                        0.63636363,
                        0.81818181,
                        1.0);
            }
        }
    }

    /** a = m[:4], b = m[2:] of m = linspace(-1, 1, 6): the one is changed, then the other. */
    @Test
    void parametersThatOverlap() {
        Tensor m = Torch.linspace(-1, 1, 6);
        Parameter a = new Parameter(m.narrow(0, 0, 4));
        Parameter b = new Parameter(m.narrow(0, 2, 4));
        Parameter apart = new Parameter(Torch.ones(3));
        AdamW optimizer = adamW(a, b, apart);
        Tensor gradient = Torch.arange(0, 4, 1, TensorOptions.of(DType.FLOAT32));
        for (int i = 0; i < 2; i++) {
            a.setGrad(gradient);
            b.setGrad(gradient.sub(1));
            apart.setGrad(Torch.ones(3));
            assertEquals(1, fusedCalls(optimizer::step), "the one that stands apart");
        }
        assertValues(m, -0.99800104, -0.79870063, -0.1990014, -0.00039912, 0.39890066, 0.79810101);
    }

    /** p.grad = p.data: what is written is what is read. */
    @Test
    void aGradientThatIsTheParametersOwnMemory() {
        Parameter p = new Parameter(Torch.linspace(-1, 1, 4));
        AdamW optimizer = adamW(p);
        p.setGrad(p.data());
        assertEquals(0, fusedCalls(optimizer::step));
        steps(optimizer, p, p.data());
        assertValues(p, -0.79851907, -0.13521007, 0.13521007, 0.79851907);
    }

    /** Two parameters may have one gradient: it is only read. */
    @Test
    void oneGradientOfTwoParametersIsFused() {
        Parameter a = new Parameter(Torch.ones(3));
        Parameter b = new Parameter(Torch.ones(3));
        Tensor gradient = Torch.ones(3);
        a.setGrad(gradient);
        b.setGrad(gradient);
        assertEquals(1, fusedCalls(adamW(a, b)::step));
        assertValues(b, 0.899, 0.899, 0.899);
    }

    /** Slices along the first dimension are dense and disjoint. */
    @Test
    void disjointDensePartsAreFused() {
        Tensor all = Torch.ones(4, 3);
        Parameter a = new Parameter(all.narrow(0, 0, 2));
        Parameter b = new Parameter(all.narrow(0, 2, 2));
        a.setGrad(Torch.ones(2, 3));
        b.setGrad(Torch.ones(2, 3));
        OpCount count = new OpCount();
        try (OpRecorder recorder = OpRecorder.start(op -> count.add(op.operator()))) {
            adamW(a, b).step();
        }
        assertEquals(1, count.fused);
        assertEquals(0, count.plain);
    }

    private static final class OpCount {
        int fused;
        int plain;

        void add(String operator) {
            fused += operator.equals("aten::_fused_adamw_") ? 1 : 0;
            plain += operator.equals("aten::addcdiv") || operator.equals("aten::addcdiv_") ? 1 : 0;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void emptyAndScalarParameters(boolean fused) {
        Parameter empty = new Parameter(Torch.zeros(0, 3));
        Parameter scalar = new Parameter(Torch.full(new long[0], 2.0));
        AdamW optimizer = new AdamW(List.of(empty, scalar), o -> o.lr(0.1).fused(fused));
        for (int i = 0; i < 2; i++) {
            empty.setGrad(Torch.zeros(0, 3));
            scalar.setGrad(Torch.ones(new long[0]));
            optimizer.step();
        }
        assertEquals(1.79610205, scalar.item(), 1e-6);
    }

    // --- memory formats ----------------------------------------------------------------------------------------

    private static Tensor convGradient(int i) {
        return Torch.arange(0, 16, 1, TensorOptions.of(DType.FLOAT32))
                .mul(1.7)
                .add(i)
                .sin()
                .view(2, 2, 2, 2);
    }

    /** weight = linspace(-1, 1, 16).view(2, 2, 2, 2), four steps: the same values for every layout. */
    private static final double[] CONV = {
        -1.23267806,
        -1.07350004,
        -0.376995385,
        -0.438444436,
        -0.815284073,
        -0.430102259,
        0.134963542,
        -0.0419381931,
        -0.242238641,
        0.253338188,
        0.607847929,
        0.349763393,
        0.361278713,
        1.07687831,
        1.0529803,
        0.641823053
    };

    private static Conv2d conv() {
        Conv2d conv = new Conv2d(2, 2, 2, o -> o.bias(false));
        conv.weight.setData(linspace(16, 2, 2, 2, 2));
        return conv;
    }

    @Test
    void aModuleMadeChannelsLastAfterTwoSteps() {
        Conv2d conv = conv();
        AdamW optimizer = adamW(conv.weight);
        for (int i = 0; i < 4; i++) {
            if (i == 2) {
                conv.to(MemoryFormat.CHANNELS_LAST);
                assertTrue(conv.weight.isContiguous(MemoryFormat.CHANNELS_LAST));
            }
            steps(optimizer, conv.weight, convGradient(i));
        }
        assertValues(conv.weight.contiguous(), CONV);
    }

    @Test
    void gradientsThatAreChannelsLast() {
        Conv2d conv = conv();
        AdamW optimizer = adamW(conv.weight);
        for (int i = 0; i < 4; i++) {
            steps(optimizer, conv.weight, convGradient(i).contiguous(MemoryFormat.CHANNELS_LAST));
        }
        assertValues(conv.weight, CONV);
    }

    /** As Python writes it of a model that was channels-last there. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aChannelsLastCheckpoint(boolean modelToo) {
        Conv2d before = conv();
        before.to(MemoryFormat.CHANNELS_LAST);
        AdamW first = adamW(before.weight);
        steps(
                first,
                before.weight,
                convGradient(0).contiguous(MemoryFormat.CHANNELS_LAST),
                convGradient(1).contiguous(MemoryFormat.CHANNELS_LAST));
        Tensor average = (Tensor) state(first).get("exp_avg");
        assertTrue(average.isContiguous(MemoryFormat.CHANNELS_LAST));

        Conv2d conv = conv();
        if (modelToo) {
            conv.to(MemoryFormat.CHANNELS_LAST);
        }
        conv.weight.data().copy_(before.weight.detach());
        AdamW optimizer = adamW(conv.weight);
        optimizer.loadStateDict(first.stateDict());
        steps(optimizer, conv.weight, convGradient(2), convGradient(3));
        assertValues(conv.weight.contiguous(), CONV);
    }

    private static Map<?, ?> state(Optimizer<?> optimizer) {
        Map<?, ?> all = (Map<?, ?>) Objects.requireNonNull(optimizer.stateDict().get("state"));
        return (Map<?, ?>) Objects.requireNonNull(all.get(0L));
    }

    // --- other shapes and dtypes -------------------------------------------------------------------------------

    /** PyTorch: "The size of tensor a (4) must match the size of tensor b (5)", with broadcasting shapes too. */
    @Test
    void aParameterReplacedByOneOfAnotherShape() {
        for (long[] shape : new long[][] {{5}, {2, 4}, {2, 2}, {1}}) {
            Parameter bystander = new Parameter(Torch.ones(2));
            Parameter p = new Parameter(Torch.linspace(-1, 1, 4));
            AdamW adamW = adamW(bystander, p);
            SGD sgd = new SGD(List.of(bystander, p), o -> o.lr(0.1).momentum(0.9));
            for (Optimizer<?> optimizer : List.of(adamW, sgd)) {
                p.setGrad(Torch.ones(4));
                optimizer.step();
            }
            p.setGrad(null);
            p.setData(Torch.ones(shape));
            p.setGrad(Torch.ones(shape));
            bystander.setGrad(Torch.ones(2));
            for (Optimizer<?> optimizer : List.of(adamW, sgd)) {
                IllegalStateException e = assertThrows(IllegalStateException.class, optimizer::step);
                assertTrue(
                        e.getMessage()
                                .matches("parameter 1 of group 0 is of shape \\[.*], but its (exp_avg|momentum_buffer)"
                                        + " of shape \\[4].*create a new optimizer"),
                        e.getMessage());
            }
            assertValues(bystander, 1, 1);
            assertEquals(1, p.max().item());
        }
    }

    @Test
    void aParameterConvertedAfterAStep() {
        Parameter p = new Parameter(tensor(1f, 2f));
        AdamW optimizer = adamW(p);
        steps(optimizer, p, Torch.ones(2));
        p.setGrad(null);
        p.setData(p.data().to(DType.FLOAT64));
        p.setGrad(Torch.ones(new long[] {2}, TensorOptions.of(DType.FLOAT64)));
        IllegalStateException e = assertThrows(IllegalStateException.class, optimizer::step);
        assertTrue(e.getMessage().contains("optimizer.loadStateDict(optimizer.stateDict())"), e.getMessage());
        optimizer.loadStateDict(optimizer.stateDict());
        assertEquals(1, fusedCalls(optimizer::step));
        assertValues(p, 0.79810101, 1.79610205);
    }

    /** p = [1., 2.], its gradient of float32, then p.data = p.data.double() or half(): AdamW fails, SGD goes on. */
    @Test
    void aParameterConvertedAfterABackward() {
        for (DType dtype : new DType[] {DType.FLOAT64, DType.FLOAT16}) {
            Parameter bystander = new Parameter(tensor(1f));
            Parameter p = new Parameter(tensor(1f, 2f));
            bystander.setGrad(tensor(1f));
            p.setGrad(Torch.ones(2));
            p.setData(p.data().to(dtype));
            assertEquals(DType.FLOAT32, Objects.requireNonNull(p.grad()).dtype());
            IllegalStateException e = assertThrows(IllegalStateException.class, adamW(bystander, p)::step);
            assertTrue(
                    e.getMessage()
                            .startsWith("parameter 1 of group 0 is of " + dtype
                                    + " on cpu, but its gradient of torch.float32 on cpu"),
                    e.getMessage());
            assertValues(bystander, 1);
            new SGD(List.of(bystander, p), o -> o.lr(0.1).momentum(0.9)).step();
            assertArrayEquals(new double[] {0.9, 1.9}, values(p), 5e-4);
        }
        // and by one of another shape
        Parameter p = new Parameter(tensor(1f, 2f));
        p.setGrad(Torch.ones(2));
        p.setData(Torch.ones(3));
        assertThrows(IllegalStateException.class, adamW(p)::step);
        assertThrows(IllegalStateException.class, new SGD(List.of(p))::step);
        assertValues(p, 1, 1, 1);
    }

    @Test
    void aStateOfAnotherShapeIsRefusedAndNothingChanges() {
        Parameter a = new Parameter(Torch.ones(3));
        Parameter b = new Parameter(Torch.ones(4));
        AdamW source = adamW(a, b);
        a.setGrad(Torch.ones(3));
        b.setGrad(Torch.ones(4));
        source.step();
        for (String key : List.of("exp_avg", "exp_avg_sq")) {
            for (Tensor wrong : List.of(
                    Torch.ones(5),
                    Torch.ones(1),
                    Torch.ones(2, 2),
                    Torch.ones(4).toSparse(),
                    Torch.ones(new long[] {4}, TensorOptions.of(DType.COMPLEX64)),
                    Torch.ones(new long[] {4}, TensorOptions.of(DType.INT64)))) {
                Map<String, Object> dict = source.stateDict();
                @SuppressWarnings("unchecked")
                Map<Object, Object> second = (Map<Object, Object>) ((Map<?, ?>) dict.get("state")).get(1L);
                second.put(key, wrong);
                AdamW optimizer = new AdamW(List.of(a, b), o -> o.lr(0.5));
                IllegalArgumentException e =
                        assertThrows(IllegalArgumentException.class, () -> optimizer.loadStateDict(dict));
                assertTrue(
                        e.getMessage().contains("'" + key + "' of parameter 1 of group 0 in an optimizer's state is"),
                        e.getMessage());
                assertEquals(Map.of(), optimizer.stateDict().get("state"));
                assertEquals(0.5, optimizer.groups().get(0).options().lr());
            }
        }
        Map<String, Object> dict = source.stateDict();
        ((Map<?, ?>) ((Map<?, ?>) dict.get("state")).get(1L)).remove("exp_avg_sq");
        assertThrows(IllegalArgumentException.class, () -> adamW(a, b).loadStateDict(dict));

        SGD sgd = new SGD(List.of(b), o -> o.momentum(0.9));
        steps(sgd, b, Torch.ones(4));
        Map<String, Object> other = sgd.stateDict();
        Parameter shorter = new Parameter(Torch.ones(3));
        assertThrows(IllegalArgumentException.class, () -> new SGD(List.of(shorter), o -> o.momentum(0.9))
                .loadStateDict(other));
    }

    // --- amsgrad, complex --------------------------------------------------------------------------------------

    /** PyTorch with the entry that it misses put in: state[p]["max_exp_avg_sq"] = zeros_like(p). */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void amsgradSwitchedOnAfterAStep(boolean fused) {
        Parameter p = new Parameter(Torch.linspace(-1, 1, 4));
        AdamW optimizer = new AdamW(List.of(p), o -> o.lr(0.1).fused(fused));
        steps(optimizer, p, tensor(-1f, 0f, 1f, 2f));
        optimizer.groups().get(0).options().amsgrad(true);
        steps(optimizer, p, tensor(-3f, -1f, 1f, 3f), tensor(0f, 0.1f, 0.2f, 0.3f));
        assertValues(p, -0.734607339, -0.207118422, 0.0471448973, 0.716595292);
        assertValues(
                (Tensor) Objects.requireNonNull(state(optimizer).get("max_exp_avg_sq")),
                0.00999900047,
                0.001009,
                0.00203700108,
                0.0130730048);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void amsgradSwitchedOffAfterAStep(boolean fused) {
        Parameter p = new Parameter(Torch.linspace(-1, 1, 4));
        AdamW optimizer = new AdamW(List.of(p), o -> o.lr(0.1).fused(fused).amsgrad(true));
        steps(optimizer, p, tensor(-10f, 0f, 10f, 20f));
        optimizer.groups().get(0).options().amsgrad(false);
        steps(optimizer, p, tensor(-3f, -1f, 1f, 3f), tensor(0f, 0.1f, 0.2f, 0.3f));
        assertValues(p, -0.745573103, -0.207118422, 0.100001425, 0.759271622);
    }

    private static Tensor complex(float... parts) {
        return Torch.tensor(parts).view(-1, 2).viewAsComplex();
    }

    private static void assertComplex(Tensor actual, double real, double imaginary) {
        assertValues(actual.detach().viewAsReal().view(2), real, imaginary);
    }

    /** Parameter 1, gradient 1 + 2j, lr = 0.1; then three gradients with amsgrad. */
    @Test
    void complexParameters() {
        Parameter p = new Parameter(complex(1, 0));
        AdamW optimizer = adamW(p);
        steps(optimizer, p, complex(1, 2));
        assertComplex(p, 0.8990000486373901, -0.09999998658895493);
        Tensor square = (Tensor) Objects.requireNonNull(state(optimizer).get("exp_avg_sq"));
        assertComplex(square, 0.0010000000474974513, 0.004000000189989805);
        Parameter q = new Parameter(complex(1, 0));
        steps(
                new AdamW(List.of(q), o -> o.lr(0.1).amsgrad(true)),
                q,
                complex(1, 2),
                complex(-1, 0.5f),
                complex(0.1f, -2));
        assertComplex(q, 0.902009904384613, -0.184334397315979);
        Parameter r = new Parameter(complex(1, 0));
        AdamW upwards = new AdamW(List.of(r), o -> o.lr(0.1).amsgrad(true).maximize(true));
        steps(upwards, r, complex(1, 2), complex(1, 2));
        assertComplex(r, 1.1979010105133057, 0.19989998638629913);
    }

    @Test
    void complexParametersOfSGD() {
        Tensor[] gradients = {complex(1, 2), complex(-1, 0.5f)};
        Parameter momentum = new Parameter(complex(1, 0));
        steps(new SGD(List.of(momentum), o -> o.lr(0.1).momentum(0.9)), momentum, gradients);
        assertComplex(momentum, 0.9099999666213989, -0.4300000071525574);
        Parameter nesterov = new Parameter(complex(1, 0));
        steps(new SGD(List.of(nesterov), o -> o.lr(0.1).momentum(0.9).nesterov(true)), nesterov, gradients);
        assertComplex(nesterov, 0.9190000295639038, -0.6369999647140503);
        Parameter decay = new Parameter(complex(1, 0));
        steps(new SGD(List.of(decay), o -> o.lr(0.1).weightDecay(0.1)), decay, gradients);
        assertComplex(decay, 0.9810999631881714, -0.24799999594688416);
    }

    // --- sparse gradients --------------------------------------------------------------------------------------

    private static Tensor sparse(long[] indices, float... values) {
        return Torch.sparseCooTensor(Torch.tensor(indices).view(1, -1), Torch.tensor(values), new long[] {4});
    }

    /** Nothing is changed, in no group. */
    @Test
    void adamWRefusesSparseGradientsBeforeAnythingChanges() {
        Parameter dense = new Parameter(Torch.ones(2));
        Parameter p = new Parameter(Torch.linspace(-1, 1, 4));
        AdamW optimizer = adamW(dense, p);
        dense.setGrad(Torch.ones(2));
        p.setGrad(sparse(new long[] {1, 1, 3}, 1, 2, 3));
        TorchException e = assertThrows(TorchException.class, optimizer::step);
        assertTrue(e.getMessage().contains("does not support sparse gradients"), e.getMessage());
        assertValues(dense, 1, 1);
        assertValues(p, -1, -0.33333331, 0.33333331, 1);
        assertEquals(Map.of(), optimizer.stateDict().get("state"));
    }

    /** p = linspace(-1, 1, 4), the gradient's indices [1, 1, 3] with values 1, 2, 3. */
    @Test
    void sparseGradientsOfSGD() {
        Parameter plain = new Parameter(Torch.linspace(-1, 1, 4));
        steps(new SGD(List.of(plain), o -> o.lr(0.1)), plain, sparse(new long[] {1, 1, 3}, 1, 2, 3));
        assertValues(plain, -1.0, -0.63333333, 0.33333331, 0.69999999);
        Parameter upwards = new Parameter(Torch.linspace(-1, 1, 4));
        steps(new SGD(List.of(upwards), o -> o.lr(0.1).maximize(true)), upwards, sparse(new long[] {1, 1, 3}, 1, 2, 3));
        assertValues(upwards, -1.0, -0.03333332, 0.33333331, 1.29999995);
        Parameter nesterov = new Parameter(Torch.linspace(-1, 1, 4));
        steps(
                new SGD(List.of(nesterov), o -> o.lr(0.1).momentum(0.9).nesterov(true)),
                nesterov,
                sparse(new long[] {1, 1, 3}, 1, 2, 3));
        assertValues(nesterov, -1.0, -0.90333331, 0.33333331, 0.43000001);
        Parameter momentum = new Parameter(Torch.linspace(-1, 1, 4));
        SGD optimizer = new SGD(List.of(momentum), o -> o.lr(0.1).momentum(0.9));
        for (int i = 0; i < 3; i++) {
            steps(optimizer, momentum, sparse(new long[] {i, 3}, 1, 3));
        }
        assertValues(momentum, -1.27100003, -0.52333331, 0.23333332, -0.68299991);
        // a dense gradient on top of a sparse momentum
        momentum.setGrad(Torch.ones(4));
        assertThrows(TorchException.class, optimizer::step);
        assertValues(momentum, -1.27100003, -0.52333331, 0.23333332, -0.68299991);
    }

    @Test
    void sgdWithWeightDecayRefusesSparseGradientsBeforeAnythingChanges() {
        Parameter dense = new Parameter(Torch.ones(2));
        Parameter p = new Parameter(Torch.linspace(-1, 1, 4));
        SGD optimizer = new SGD(List.of(dense, p), o -> o.lr(0.1).weightDecay(0.1));
        dense.setGrad(Torch.ones(2));
        p.setGrad(sparse(new long[] {1, 3}, 1, 3));
        TorchException e = assertThrows(TorchException.class, optimizer::step);
        assertTrue(e.getMessage().contains("add(sparse, dense) is not supported"), e.getMessage());
        assertValues(dense, 1, 1);
    }

    // --- any combination ---------------------------------------------------------------------------------------

    /** A tensor of these sizes and random values over memory of any arrangement. */
    private static Tensor arranged(Random random, long[] shape, DType dtype, boolean mayExpand) {
        Tensor plain = Torch.rand(shape).sub(0.5).to(dtype);
        Tensor result =
                switch (random.nextInt(mayExpand ? 6 : 5)) {
                    case 0 -> plain;
                    case 1 -> plain.transpose(0, -1).contiguous().transpose(0, -1);
                    case 2 -> {
                        long[] larger = shape.clone();
                        int dim = random.nextInt(shape.length);
                        larger[dim] += 3;
                        Tensor slice =
                                Torch.zeros(larger, TensorOptions.of(dtype)).narrow(dim, 1, shape[dim]);
                        yield slice.copy_(plain);
                    }
                    case 3 -> {
                        long[] twice = shape.clone();
                        twice[0] *= 2;
                        Tensor every =
                                Torch.zeros(twice, TensorOptions.of(dtype)).slice(0, 0, twice[0], 2);
                        yield every.copy_(plain);
                    }
                    case 4 -> plain.movedim(0, 1).contiguous().movedim(0, 1);
                    default -> plain.select(0, 0).unsqueeze(0).expand(shape);
                };
        assertArrayEquals(shape, result.shape());
        return result;
    }

    /** AdamW in doubles, element by element. */
    private static void reference(
            double[] p, double[] g, double[] m, double[] v, double[] max, int t, boolean amsgrad) {
        for (int i = 0; i < p.length; i++) {
            p[i] *= 1 - 0.1 * 0.01;
            m[i] += (g[i] - m[i]) * (1 - 0.9);
            v[i] = 0.999 * v[i] + (1 - 0.999) * g[i] * g[i];
            double used = v[i];
            if (amsgrad) {
                max[i] = Math.max(max[i], v[i]);
                used = max[i];
            }
            p[i] -= 0.1 / (1 - Math.pow(0.9, t)) * m[i] / (Math.sqrt(used / (1 - Math.pow(0.999, t))) + 1e-8);
        }
    }

    private static double[] values(Tensor tensor) {
        return tensor.detach().to(DType.FLOAT64).contiguous().toDoubleArray();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void randomArrangementsGiveTheValuesOfDoubles(long seed) {
        Random random = new Random(seed);
        Torch.manualSeed(seed);
        int fused = 0;
        int rounds = 60;
        for (int round = 0; round < rounds; round++) {
            try (TensorScope scope = new TensorScope()) {
                fused += randomRound(random, round) ? 1 : 0;
            }
        }
        assertTrue(fused > 0 && fused < rounds, fused + " of " + rounds);
    }

    private static boolean randomRound(Random random, int round) {
        boolean amsgrad = random.nextBoolean();
        DType dtype = random.nextInt(3) == 0 ? DType.FLOAT64 : DType.FLOAT32;
        int count = 1 + random.nextInt(3);
        List<Parameter> parameters = new ArrayList<>();
        double[][][] expected = new double[count][][];
        for (int i = 0; i < count; i++) {
            long[] shape = {1 + random.nextInt(4), 1 + random.nextInt(4), 1 + random.nextInt(3)};
            Parameter p = new Parameter(arranged(random, shape, dtype, false));
            parameters.add(p);
            int n = (int) p.numel();
            expected[i] = new double[][] {values(p), new double[n], new double[n], new double[n]};
        }
        AdamW optimizer = new AdamW(parameters, o -> o.lr(0.1).amsgrad(amsgrad));
        boolean anyFused = false;
        for (int t = 1; t <= 4; t++) {
            for (int i = 0; i < count; i++) {
                Parameter p = parameters.get(i);
                Tensor gradient = arranged(random, p.shape(), dtype, true);
                p.setGrad(gradient);
                double[][] e = expected[i];
                reference(e[0], values(gradient), e[1], e[2], e[3], t, amsgrad);
            }
            anyFused |= fusedCalls(optimizer::step) > 0;
            if (t == 2) {
                rearrange(random, optimizer, parameters);
            }
        }
        for (int i = 0; i < count; i++) {
            assertArrayEquals(
                    expected[i][0],
                    values(parameters.get(i)),
                    1e-4,
                    "round " + round + ", parameter " + i + " of strides "
                            + Arrays.toString(parameters.get(i).strides()));
        }
        return anyFused;
    }

    /** The state, and sometimes the parameters, in another arrangement with the same values. */
    private static void rearrange(Random random, AdamW optimizer, List<Parameter> parameters) {
        for (Object entries :
                ((Map<?, ?>) Objects.requireNonNull(optimizer.stateDict().get("state"))).values()) {
            ((Map<?, ?>) entries).forEach((key, value) -> {
                Tensor tensor = (Tensor) value;
                if (tensor.dim() > 0) {
                    tensor.setData(arranged(random, tensor.shape(), tensor.dtype(), false)
                            .copy_(tensor));
                }
            });
        }
        for (Parameter p : parameters) {
            if (random.nextBoolean()) {
                p.setGrad(null);
                p.setData(arranged(random, p.shape(), p.dtype(), false).copy_(p.detach()));
            }
        }
    }

    // --- autograd ----------------------------------------------------------------------------------------------

    /** The old weights are needed for the gradient, as in a training of two networks whose steps are in the wrong order. */
    @ParameterizedTest
    @ValueSource(longs = {8, 40_000})
    void aStepBetweenForwardAndBackwardIsAnError(long size) {
        List<Function<Parameter, Optimizer<?>>> optimizers = List.of(
                p -> new SGD(List.of(p)),
                p -> new SGD(List.of(p), o -> o.fused(true)),
                p -> new Adagrad(List.of(p)),
                p -> new Adam(List.of(p)),
                p -> new AdamW(List.of(p)));
        for (Function<Parameter, Optimizer<?>> make : optimizers) {
            Parameter p = new Parameter(Torch.ones(size));
            Optimizer<?> optimizer = make.apply(p);
            Tensor loss = p.mul(p).sum();
            p.setGrad(Torch.ones(size));
            optimizer.step();
            TorchException e = assertThrows(TorchException.class, loss::backward, optimizer.getClass()::getSimpleName);
            assertTrue(e.getMessage().contains("modified by an inplace operation"), e.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {8, 40_000})
    void aParameterOfInferenceModeIsRefusedAndNothingChanges(long size) {
        Parameter p = new Parameter(Torch.ones(size));
        p.setGrad(Torch.ones(size));
        Tensor other;
        try (GradMode mode = Autograd.inferenceMode()) {
            other = Torch.ones(size).requiresGrad_();
            other.setGrad(Torch.ones(size));
        }
        for (Boolean fused : new Boolean[] {null, false}) {
            SGD optimizer = new SGD(List.of(p, other), o -> o.fused(fused));
            TorchException e = assertThrows(TorchException.class, optimizer::step);
            assertTrue(e.getMessage().startsWith("parameter 1 of group 0 was made in inference mode"), e.getMessage());
            assertTrue(Torch.equal(Torch.ones(size), p.detach()));
            assertTrue(Torch.equal(Torch.ones(size), other));
        }
    }
}
