package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.internal.TrustedOperators;
import org.jtorch.nn.linear.LazyLinear;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.state.StateDict;
import org.jtorch.nn.state.StateDictException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A load that fails leaves the module unchanged, whichever tensor cannot be loaded and at whatever position. */
class AllOrNothingLoadTest {

    private static final class Net extends Module<Tensor, Tensor> {
        Linear first = new Linear(2, 2);
        Linear second = new Linear(2, 2);

        @Override
        protected Tensor forward(Tensor x) {
            return second.call(first.call(x));
        }
    }

    private static Tensor operator(String name, Object... arguments) {
        return (Tensor) Operator.find(name, "").call(arguments).get(0);
    }

    private static Tensor nested() {
        return (Tensor) TrustedOperators.find("aten::_nested_tensor_from_tensor_list", "")
                .call(List.of(Torch.ones(2), Torch.ones(2)), DType.FLOAT32, null, Device.CPU, null)
                .get(0);
    }

    private static Tensor opaque() {
        return (Tensor) TrustedOperators.find("aten::to_mkldnn", "")
                .call(Torch.ones(2, 2), null)
                .get(0);
    }

    static Stream<Arguments> unloadable() {
        return Stream.of(
                Arguments.of("sparse", Torch.ones(2, 2).toSparse()),
                Arguments.of("compressed sparse", operator("aten::to_sparse_csr", Torch.ones(2, 2), null)),
                Arguments.of(
                        "quantized", operator("aten::quantize_per_tensor", Torch.ones(2, 2), 0.1, 0L, DType.QINT8)),
                Arguments.of("nested", nested()),
                Arguments.of("another library's", opaque()),
                Arguments.of(
                        "without values",
                        Torch.ones(
                                new long[] {2, 2},
                                TensorOptions.of(DType.FLOAT32).device(Device.META))));
    }

    private static StateDict stateDict(String key, Tensor wrong) {
        StateDict state = new StateDict();
        for (String name : List.of("first.weight", "first.bias", "second.weight", "second.bias")) {
            state.put(
                    name,
                    name.endsWith("weight") ? Torch.full(new long[] {2, 2}, 7.0) : Torch.full(new long[] {2}, 7.0));
        }
        state.put(key, wrong);
        return state;
    }

    private static double[][] values(Module<?, ?> module) {
        return module.parameters().stream().map(p -> p.detach().toDoubleArray()).toArray(double[][]::new);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unloadable")
    void theSecondTensorCannotBeLoaded(String what, Tensor wrong) {
        Net net = new Net();
        double[][] before = values(net);
        StateDict state = stateDict("second.weight", wrong);
        StateDictException e = assertThrows(StateDictException.class, () -> net.loadStateDict(state));
        assertTrue(e.getMessage().contains("While copying the parameter named \"second.weight\""), e.getMessage());
        assertArrayEquals(before, values(net), what);
        // This holds even if a hook examines what has been loaded so far.
        net.first.registerLoadStateDictPostHook(
                (module, keys) -> assertEquals(7, net.first.weight.max().item()));
        assertThrows(StateDictException.class, () -> net.loadStateDict(state));
        assertArrayEquals(before, values(net), what);
    }

    /** A failure that no check can predict: the changes are undone. */
    @Test
    void aTensorMadeInInferenceModeCannotBeWrittenTo() {
        final class Holder extends Module<Tensor, Tensor> {
            Linear first = new Linear(2, 2);
            Parameter frozen = new Parameter(Torch.ones(2), false);

            @Override
            protected Tensor forward(Tensor x) {
                return first.call(x);
            }
        }
        Holder holder = new Holder();
        try (GradMode mode = Autograd.inferenceMode()) {
            holder.frozen = new Parameter(Torch.ones(2), false);
        }
        assertTrue(holder.frozen.isInference());
        double[][] before = values(holder);
        StateDict state = new StateDict();
        state.put("first.weight", Torch.zeros(2, 2));
        state.put("first.bias", Torch.zeros(2));
        state.put("frozen", Torch.zeros(2));
        StateDictException e = assertThrows(StateDictException.class, () -> holder.loadStateDict(state));
        assertTrue(e.getMessage().contains("\"frozen\""), e.getMessage());
        assertArrayEquals(before, values(holder));
    }

    @Test
    void anExpandedTargetIsRefusedBeforehand() {
        Net net = new Net();
        net.second.weight.setData(Torch.ones(1, 2).expand(2, 2));
        double[][] before = values(net);
        assertThrows(StateDictException.class, () -> net.loadStateDict(new Net().stateDict()));
        assertArrayEquals(before, values(net));
    }

    /** With assign, the objects hold again what they held before, including gradients. */
    @Test
    void assignmentsAreTakenBack() {
        final class Computed extends Module<Tensor, Tensor> {
            Linear first = new Linear(2, 2);
            LazyLinear lazy = new LazyLinear(2);

            // It is computed, so nothing can be put in its place.
            Parameter computed = new Parameter(Torch.ones(2), false);

            @Override
            protected Tensor forward(Tensor x) {
                return first.call(x);
            }
        }
        Computed module = new Computed();
        module.computed.add_(module.first.weight.sum(0));
        assertFalse(module.computed.isLeaf());
        module.first.weight.setGrad(Torch.ones(2, 2));
        double[] before = module.first.weight.detach().toDoubleArray();
        StateDict state = new StateDict();
        state.put("first.weight", Torch.zeros(2, 2));
        state.put("first.bias", Torch.zeros(2));
        state.put("lazy.weight", Torch.zeros(2, 3));
        state.put("lazy.bias", Torch.zeros(2));
        state.put("computed", Torch.zeros(2));
        assertThrows(StateDictException.class, () -> module.loadStateDict(state, true, true));
        assertArrayEquals(before, module.first.weight.detach().toDoubleArray());
        assertEquals(4, Objects.requireNonNull(module.first.weight.grad()).sum().item());
        assertTrue(module.lazy.weight.isUninitialized());
    }

    /** Tensors that can be loaded after a closer check are loaded. */
    @Test
    void unusualTensorsThatFitAreLoaded() {
        Net net = new Net();
        Tensor negative = operator("aten::_neg_view", Torch.full(new long[] {2, 2}, -7.0));
        net.loadStateDict(stateDict("second.weight", negative));
        assertArrayEquals(new double[] {7, 7, 7, 7}, net.second.weight.detach().toDoubleArray());
        assertEquals(7, net.first.weight.max().item());
        final class Sparse extends Module<Tensor, Tensor> {
            Buffer mask = new Buffer(Torch.ones(2, 2).toSparse());

            @Override
            protected Tensor forward(Tensor x) {
                return x;
            }
        }
        Sparse sparse = new Sparse();
        StateDict state = new StateDict();
        state.put("mask", Torch.full(new long[] {2, 2}, 3.0).toSparse());
        sparse.loadStateDict(state);
        double[] mask = operator("aten::to_dense", sparse.mask, null, null).toDoubleArray();
        assertArrayEquals(new double[] {3, 3, 3, 3}, mask, Arrays.toString(mask));
    }
}
