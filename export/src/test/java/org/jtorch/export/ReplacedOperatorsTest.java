package org.jtorch.export;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.export.graph.Node;
import org.jtorch.export.internal.run.Registered;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.norm.BatchNorm2d;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operators of the engine that a user has replaced. No pass may change what they compute. */
class ReplacedOperatorsTest {

    private static final String BATCH_NORM = "aten::batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor?"
            + " running_mean, Tensor? running_var, bool training, float momentum, float eps, bool cudnn_enabled) -> Tensor";

    @AfterEach
    void putBack() {
        List.of("relu", "batch_norm", "conv2d").forEach(Registered::remove);
    }

    @TempDir
    Path folder;

    /** Writes a module as a program, which is not loaded before the operators are registered. */
    private Path saved(Sequential model, Tensor x) {
        model.eval();
        Path path = folder.resolve("model.pt2");
        ExportedProgram.of(model, x).save(path);
        return path;
    }

    private static Compiled<Tensor, Tensor> compiled(Path path) {
        return Compiled.of(ExportedProgram.load(path), Tensor.class, Tensor.class);
    }

    private static List<String> targets(Compiled<?, ?> compiled) {
        return compiled.graph().nodes().stream().map(Node::target).toList();
    }

    @Test
    void aReplacedActivationIsNotFused() {
        Sequential model = new Sequential(new Conv2d(3, 8, 3), new ReLU());
        Tensor x = Torch.randn(1, 3, 8, 8);
        Path path = saved(model, x);
        assertFalse(targets(compiled(path)).contains("torch.ops.aten.relu.default"));
        CustomOperators.register(
                "aten::relu(Tensor self) -> Tensor", arguments -> List.of(((Tensor) arguments.get(0)).neg()));
        Compiled<Tensor, Tensor> compiled = compiled(path);
        assertTrue(targets(compiled).contains("torch.ops.aten.relu.default"), compiled.toString());
        Tensor expected = model.get(0, Conv2d.class).infer(x).neg();
        assertTrue(compiled.call(x).allclose(expected, 1e-4, 1e-5));
    }

    @Test
    void aReplacedNormalizationIsNotFolded() {
        Sequential model = new Sequential(new Conv2d(3, 8, 3), new BatchNorm2d(8));
        Tensor x = Torch.randn(1, 3, 8, 8);
        Path path = saved(model, x);
        CustomOperators.register(BATCH_NORM, arguments -> List.of(((Tensor) arguments.get(0)).mul(3)));
        Compiled<Tensor, Tensor> compiled = compiled(path);
        assertTrue(targets(compiled).contains("torch.ops.aten.batch_norm.default"), compiled.toString());
        Tensor expected = model.get(0, Conv2d.class).infer(x).mul(3);
        assertTrue(compiled.call(x).allclose(expected, 1e-4, 1e-5));
    }

    /** The operator sees images in the order of the plain program, so that what it does with them does not fail. */
    @Test
    void noImageIsReorderedForAReplacedOperator() {
        Sequential model = new Sequential(new Conv2d(3, 8, 3), new ReLU());
        Tensor x = Torch.randn(1, 3, 8, 8);
        Path path = saved(model, x);
        CustomOperators.register(
                "aten::relu(Tensor self) -> Tensor",
                arguments -> List.of(((Tensor) arguments.get(0)).view(-1).neg()));
        Compiled<Tensor, Tensor> compiled = compiled(path);
        assertFalse(targets(compiled).contains("torch.ops.aten.contiguous.default"), compiled.toString());
        Tensor expected = model.get(0, Conv2d.class).infer(x).view(-1).neg();
        assertTrue(compiled.call(x).allclose(expected, 1e-4, 1e-5));
    }

    @Test
    void aReplacedConvolutionIsCalled() {
        Sequential model = new Sequential(new Conv2d(3, 8, 3), new ReLU());
        Tensor x = Torch.randn(1, 3, 8, 8);
        Path path = saved(model, x);
        CustomOperators.register(
                "aten::conv2d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=1, SymInt[2] padding=0, SymInt[2]"
                        + " dilation=1, SymInt groups=1) -> Tensor",
                arguments -> List.of(((Tensor) arguments.get(0)).mul(2)));
        assertTrue(compiled(path).call(x).equal(x.mul(2).relu()));
    }
}
