package org.jtorch.nn.utils;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Module;
import org.jtorch.nn.Named;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.ParameterDict;
import org.jtorch.nn.ParameterList;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.rnn.GRU;
import org.jtorch.nn.rnn.GRUCell;
import org.jtorch.nn.rnn.LSTM;
import org.jtorch.nn.rnn.LSTMCell;
import org.jtorch.nn.rnn.RNN;
import org.jtorch.nn.rnn.RNNCell;
import org.jtorch.nn.utils.parametrizations.Parametrizations;
import org.jtorch.nn.utils.parametrize.Parametrize;
import org.jtorch.nn.utils.prune.Prune;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A computed parameter can be used like any parameter: in recurrent layers, by path, in lists and dicts. */
class ComputedParametersTest {

    /** A way to make a parameter a computed one. */
    private record Kind(String name, Computing computing) {}

    @FunctionalInterface
    private interface Computing {
        void apply(Module<?, ?> module, String name);
    }

    /** A recurrent layer, the key of its hidden weight, and its output for ones. */
    private record Layer<M extends Module<?, ?>>(
            java.util.function.Supplier<M> make, String weight, Function<M, Tensor> output) {
        Tensor run(Kind kind) {
            Torch.manualSeed(0);
            M module = make.get();
            kind.computing.apply(module, weight);
            Tensor sum = output.apply(module).sum();
            sum.backward();
            return sum;
        }

        double gradients(Kind kind) {
            Torch.manualSeed(0);
            M module = make.get();
            kind.computing.apply(module, weight);
            output.apply(module).sum().backward();
            return module.parameters().stream()
                    .mapToDouble(p -> p.grad().abs().sum().item())
                    .sum();
        }
    }

    private static final List<Kind> KINDS = List.of(
            new Kind("weightNorm", WeightNorm::weightNorm),
            new Kind("parametrizations.weightNorm", Parametrizations::weightNorm),
            new Kind("spectralNorm", SpectralNorm::spectralNorm),
            new Kind("parametrizations.spectralNorm", Parametrizations::spectralNorm),
            new Kind("orthogonal", Parametrizations::orthogonal),
            new Kind("l1Unstructured", (module, name) -> Prune.l1Unstructured(module, name, 0.3)));

    private static final List<Layer<?>> LAYERS = List.of(
            new Layer<>(() -> new RNN(2, 3), "weight_hh_l0", m -> m.call(Torch.ones(4, 1, 2))
                    .output()),
            new Layer<>(() -> new LSTM(2, 3), "weight_hh_l0", m -> m.call(Torch.ones(4, 1, 2))
                    .output()),
            new Layer<>(() -> new GRU(2, 3), "weight_hh_l0", m -> m.call(Torch.ones(4, 1, 2))
                    .output()),
            new Layer<>(() -> new RNNCell(2, 3), "weight_hh", m -> m.call(Torch.ones(1, 2), Torch.ones(1, 3))),
            new Layer<>(() -> new LSTMCell(2, 3), "weight_hh", m -> m.call(
                            Torch.ones(1, 2), new LSTM.State(Torch.ones(1, 3), Torch.ones(1, 3)))
                    .h()),
            new Layer<>(() -> new GRUCell(2, 3), "weight_hh", m -> m.call(Torch.ones(1, 2), Torch.ones(1, 3))));

    /**
     * PyTorch 2.14's results for the same programs: the sum of the outputs, and the sum of the absolute values of all
     * gradients.
     */
    private static final Map<String, double[]> EXPECTED = Map.of(
            "weightNorm",
            new double[] {
                -1.7296976,
                36.832786,
                -1.8942347,
                24.673405,
                0.8911594,
                37.090989,
                -1.0598221,
                13.379424,
                0.3110538,
                6.1142865,
                0.7067647,
                17.650541
            },
            "parametrizations.weightNorm",
            new double[] {
                -1.7296976,
                36.832786,
                -1.8942347,
                24.673405,
                0.8911594,
                37.090989,
                -1.0598221,
                13.379424,
                0.3110538,
                6.1142865,
                0.7067647,
                17.650541
            },
            "spectralNorm",
            new double[] {
                -2.1800783,
                35.448591,
                -1.9670876,
                23.847525,
                0.9038942,
                36.852816,
                -1.1212316,
                9.208904,
                0.4083263,
                6.0367963,
                0.8262888,
                15.962480
            },
            "parametrizations.spectralNorm",
            new double[] {
                -1.8316300,
                36.975387,
                -1.9788115,
                23.705215,
                0.9105341,
                36.767850,
                -1.1578341,
                12.134338,
                0.4237950,
                5.9007305,
                0.8891952,
                15.098981
            },
            "orthogonal",
            new double[] {
                -2.9454145,
                20.796402,
                -1.9467962,
                26.296246,
                0.9061170,
                38.896847,
                -1.3819132,
                8.768240,
                0.4061899,
                8.8334932,
                0.8361031,
                20.241892
            },
            "l1Unstructured",
            new double[] {
                -1.5680196,
                35.327874,
                -1.9713674,
                24.458195,
                0.8953281,
                35.843213,
                -0.9571201,
                11.569661,
                0.3160256,
                5.4479402,
                0.6904540,
                15.679759
            });

    @TestFactory
    Stream<DynamicTest> recurrentLayersRunAndLearn() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Kind kind : KINDS) {
            for (int i = 0; i < LAYERS.size(); i++) {
                Layer<?> layer = LAYERS.get(i);
                double[] expected = EXPECTED.get(kind.name);
                int at = 2 * i;
                tests.add(DynamicTest.dynamicTest(
                        kind.name + " " + layer.make.get().className(), () -> {
                            assertEquals(expected[at], layer.run(kind).item(), 2e-6);
                            assertEquals(expected[at + 1], layer.gradients(kind), 2e-5 * expected[at + 1]);
                        }));
            }
        }
        return tests.stream();
    }

    @Test
    void allWeightsHaveWhatIsComputed() {
        LSTM lstm = WeightNorm.weightNorm(new LSTM(2, 3), "weight_hh_l0");
        List<Parameter> weights = lstm.allWeights().get(0);
        assertEquals(4, weights.size());
        assertSame(lstm.getParameter("weight_hh_l0"), weights.get(1));
    }

    @Test
    void aPathReachesWhatIsComputed() {
        for (Kind kind : KINDS) {
            Linear linear = new Linear(3, 3);
            kind.computing.apply(linear, "weight");
            assertSame(linear.weight, linear.getParameter("weight"), kind.name);
            assertFalse(linear.parameters().contains(linear.weight), kind.name);
        }
    }

    // --- entries -----------------------------------------------------------------------------------------------

    private static List<String> names(Module<?, ?> module) {
        return module.namedParameters().stream().map(Named::name).toList();
    }

    @Test
    void entriesOfAParameterListCanBeComputed() {
        Torch.manualSeed(0);
        for (Kind kind : KINDS) {
            ParameterList list = new ParameterList(Torch.randn(2, 2), Torch.randn(2, 2));
            Tensor before = list.get(0).detach().clone();
            kind.computing.apply(list, "0");
            assertEquals(2, list.size(), kind.name);
            assertEquals("1", names(list).get(0), kind.name);
            assertFalse(names(list).contains("0"), kind.name);
            assertSame(list.get(0), list.getParameter("0"), kind.name);
            if (kind.name.endsWith("eightNorm")) {
                assertTrue(list.get(0).allclose(before), kind.name);
            }
            list.get(0).sum().backward();
            assertTrue(
                    names(list).stream()
                            .anyMatch(name -> list.getParameter(name).grad() != null),
                    kind.name);
        }
    }

    @Test
    void entriesOfAParameterDictCanBeComputed() {
        for (Kind kind : KINDS) {
            ParameterDict dict = new ParameterDict(Map.of("a", Torch.randn(2, 2)));
            dict.put("b", Torch.randn(2, 2));
            kind.computing.apply(dict, "a");
            assertEquals(List.of("a", "b"), List.copyOf(dict.keySet()), kind.name);
            assertEquals("b", names(dict).get(0), kind.name);
            assertFalse(names(dict).contains("a"), kind.name);
            assertSame(dict.get("a"), dict.getParameter("a"), kind.name);
        }
    }

    @Test
    void theKeysOfAComputedEntryArePyTorchs() {
        ParameterList list = WeightNorm.weightNorm(new ParameterList(Torch.ones(2, 2), Torch.ones(2, 2)), "0");
        assertEquals(List.of("1", "0_g", "0_v"), List.copyOf(list.stateDict().keySet()));
        assertTrue(list.toString().contains("(0): Tensor containing:"), list.toString());
        list = Parametrizations.orthogonal(new ParameterList(Torch.eye(2), Torch.eye(2)), "0");
        assertEquals(
                List.of("1", "parametrizations.0.original", "parametrizations.0.0.base"),
                List.copyOf(list.stateDict().keySet()));
    }

    @Test
    void anEntryIsAPlainParameterAgainAfterTheEnd() {
        ParameterList list = WeightNorm.weightNorm(new ParameterList(Torch.eye(2), Torch.eye(2)), "0");
        WeightNorm.removeWeightNorm(list, "0");
        assertEquals(List.of("0", "1"), names(list));
        ParameterDict dict = Prune.l1Unstructured(new ParameterDict(Map.of("a", Torch.eye(2))), "a", 1);
        Prune.remove(dict, "a");
        assertEquals(List.of("a"), names(dict));
    }

    @Test
    void aCopyComputesItsOwn() {
        ParameterList list = WeightNorm.weightNorm(new ParameterList(Torch.eye(2)), "0");
        ParameterList copy = Module.deepCopy(list);
        copy.getParameter("0_g").data().fill_(3);
        assertEquals(6.0, copy.get(0).sum().item(), 1e-6);
        assertEquals(2.0, list.get(0).sum().item(), 1e-6);
    }

    @Test
    void aComputedEntryThatIsMovedIsNoticed() {
        ParameterList list = Parametrize.registerParametrization(
                new ParameterList(Torch.eye(2), Torch.eye(2)), "0", new org.jtorch.nn.activation.ReLU());
        list.remove(0);
        assertTrue(assertThrows(IllegalStateException.class, list::parameters)
                .getMessage()
                .startsWith("'0' of ParametrizedParameterList is computed"));
    }
}
