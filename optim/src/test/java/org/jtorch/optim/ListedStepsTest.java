package org.jtorch.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.OpRecorder;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps with operators on lists give the bits of steps with one operator for each parameter. */
class ListedStepsTest {

    private interface Create extends BiFunction<List<Parameter>, @Nullable Boolean, Optimizer<?>> {}

    private static Arguments named(String name, Create create) {
        return Arguments.of(name, create);
    }

    static Stream<Arguments> optimizers() {
        return Stream.of(
                named(
                        "SGD",
                        (p, f) -> new SGD(
                                p,
                                o -> o.lr(0.1).momentum(0.9).weightDecay(0.01).foreach(f))),
                named(
                        "SGD maximize",
                        (p, f) -> new SGD(p, o -> o.momentum(0.9)
                                .nesterov(true)
                                .maximize(true)
                                .foreach(f))),
                named(
                        "RMSprop",
                        (p, f) -> new RMSprop(
                                p, o -> o.centered(true).momentum(0.3).foreach(f))),
                named("Adagrad", (p, f) -> new Adagrad(p, o -> o.lrDecay(0.1).foreach(f))),
                named(
                        "NAdam",
                        (p, f) -> new NAdam(p, o -> o.weightDecay(0.1)
                                .decoupledWeightDecay(true)
                                .foreach(f))),
                named("RAdam", (p, f) -> new RAdam(p, o -> o.foreach(f))),
                named("Adamax", (p, f) -> new Adamax(p, o -> o.foreach(f))),
                named("Adadelta", (p, f) -> new Adadelta(p, o -> o.foreach(f))),
                named(
                        "Adafactor",
                        (p, f) -> new Adafactor(p, o -> o.weightDecay(0.1).foreach(f))),
                named("ASGD", (p, f) -> new ASGD(p, o -> o.weightDecay(0.1).foreach(f))),
                named("Rprop", (p, f) -> new Rprop(p, o -> o.foreach(f))));
    }

    /** Returns parameters after some steps, of which the last parameter misses the first. */
    private static List<Parameter> stepped(Create create, @Nullable Boolean foreach, List<DType> dtypes) {
        Torch.manualSeed(5);
        List<Parameter> parameters = new ArrayList<>();
        for (DType dtype : dtypes) {
            parameters.add(new Parameter(Torch.randn(5, 7).to(dtype)));
            parameters.add(new Parameter(Torch.randn(3).to(dtype)));
        }
        Optimizer<?> optimizer = create.apply(parameters, foreach);
        for (int step = 0; step < 6; step++) {
            for (int i = 0; i < parameters.size() - (step == 0 ? 1 : 0); i++) {
                Tensor data = parameters.get(i).data();
                parameters.get(i).setGrad(Torch.randn(data.shape()).to(data.dtype()));
            }
            optimizer.step();
        }
        return parameters;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("optimizers")
    void givesTheSameBits(String name, Create create) {
        for (List<DType> dtypes : List.of(
                List.of(DType.FLOAT32, DType.FLOAT32),
                List.of(DType.FLOAT64, DType.FLOAT64),
                List.of(DType.FLOAT32, DType.FLOAT64, DType.FLOAT32))) {
            List<Parameter> each = stepped(create, false, dtypes);
            List<Parameter> listed = stepped(create, null, dtypes);
            for (int i = 0; i < each.size(); i++) {
                assertArrayEquals(
                        each.get(i).data().to(DType.FLOAT64).toDoubleArray(),
                        listed.get(i).data().to(DType.FLOAT64).toDoubleArray(),
                        name + " of " + dtypes + ", parameter " + i);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("optimizers")
    void givesTheSameBitsWhileRecorded(String name, Create create) {
        List<DType> dtypes = List.of(DType.FLOAT32);
        List<Parameter> listed = stepped(create, null, dtypes);
        List<Parameter> recorded;
        try (OpRecorder recorder = OpRecorder.start(op -> {})) {
            recorded = stepped(create, null, dtypes);
        }
        for (int i = 0; i < listed.size(); i++) {
            assertArrayEquals(
                    listed.get(i).data().toFloatArray(), recorded.get(i).data().toFloatArray(), name);
        }
    }

    @Test
    void smallParametersAreChangedTogether() {
        assertEquals(List.of("aten::_foreach_add_"), operators(o -> o.fused(false)));
    }

    @Test
    void aFusedKernelChangesSmallParametersTogether() {
        assertEquals(List.of("aten::_fused_sgd_"), operators(o -> {}));
    }

    /** Returns the operators of a step of two small parameters. */
    private static List<String> operators(Consumer<SGD.Options> options) {
        Parameter a = new Parameter(Torch.ones(2));
        Parameter b = new Parameter(Torch.ones(2));
        a.setGrad(Torch.ones(2));
        b.setGrad(Torch.ones(2));
        List<String> operators = new ArrayList<>();
        SGD optimizer = new SGD(List.of(a, b), options);
        try (OpRecorder recorder = OpRecorder.start(op -> operators.add(op.operator()))) {
            optimizer.step();
        }
        return operators;
    }
}
