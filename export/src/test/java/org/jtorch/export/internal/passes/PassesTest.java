package org.jtorch.export.internal.passes;

import static org.jtorch.export.internal.passes.SmallGraphs.apply;
import static org.jtorch.export.internal.passes.SmallGraphs.in;
import static org.jtorch.export.internal.passes.SmallGraphs.meta;
import static org.jtorch.export.internal.passes.SmallGraphs.node;
import static org.jtorch.export.internal.passes.SmallGraphs.run;
import static org.jtorch.export.internal.passes.SmallGraphs.targets;
import static org.jtorch.export.internal.passes.SmallGraphs.tensors;
import static org.jtorch.export.internal.passes.SmallGraphs.work;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.NamedArgument;
import org.jtorch.export.graph.Node;
import org.jtorch.export.graph.TensorMeta;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each pass on the smallest graph that it changes, and on one that it must not change. */
class PassesTest {

    // --- dropping ----------------------------------------------------------------------------------------------

    @Test
    void dropoutInEvalModeIsDroppedAndInTrainingModeIsNot() {
        Node dropout = node("d", "dropout.default", in("input", "x"), in("p", 0.5), in("train", false));
        Work work = work(Map.of(), Map.of(), "y", dropout, node("y", "relu.default", in("self", "d")));
        assertEquals(1, apply(new DropTraining(), work, Torch.randn(3)));
        assertEquals(List.of("aten.relu.default"), targets(work));
        Node trained = node("d", "dropout.default", in("input", "x"), in("p", 0.5), in("train", true));
        Work random = work(Map.of(), Map.of(), "y", trained, node("y", "relu.default", in("self", "d")));
        assertEquals(0, new DropTraining().apply(random));
    }

    @Test
    void whatNobodyReadsIsRemovedButNotWhatWrites() {
        Work work = work(
                Map.of(),
                Map.of(),
                "y",
                node("unused", "exp.default", in("self", "x")),
                node("w", "add_.Tensor", in("self", "x"), in("other", 1.0)),
                node("y", "relu.default", in("self", "x")));
        assertEquals(1, work.removeDead());
        assertEquals(List.of("aten.add_.Tensor", "aten.relu.default"), targets(work));
    }

    // --- folding -----------------------------------------------------------------------------------------------

    @Test
    void whatDependsOnlyOnWeightsIsComputedOnce() {
        Work work = work(
                Map.of("w", Torch.ones(3)),
                Map.of(),
                "y",
                node("v", "exp.default", in("self", "w")),
                node("y", "add.Tensor", in("self", "x"), in("other", "v")));
        assertEquals(1, apply(new FoldConstants(), work, Torch.randn(3)));
        assertEquals(List.of("aten.add.Tensor"), targets(work));
    }

    /** A mask that is made of zeros and then filled in part: the zeros alone are not the mask. */
    @Test
    void whatIsWrittenLaterIsNotComputedBefore() {
        Work work = work(
                Map.of(),
                Map.of(),
                "y",
                node("m", "zeros.default", in("size", new Argument.Ints(List.of(4L)))),
                node("s", "slice.Tensor", in("self", "m"), in("dim", 0L), in("start", 0L), in("end", 2L)),
                node("f", "fill_.Scalar", in("self", "s"), in("value", 3L)),
                node("n", "neg.default", in("self", "m")),
                node("y", "add.Tensor", in("self", "x"), in("other", "n")));
        apply(new FoldConstants(), work, Torch.zeros(4));
        assertEquals(List.of(-3.0, -3.0, 0.0, 0.0), values(run(work, Torch.zeros(4))));
    }

    private static List<Double> values(Tensor tensor) {
        List<Double> values = new ArrayList<>();
        for (double value : tensor.toDoubleArray()) {
            values.add(value + 0.0);
        }
        return values;
    }

    @Test
    void randomNumbersAreNotComputedOnce() {
        Work work = work(
                Map.of(),
                Map.of(),
                "y",
                node("r", "rand.default", in("size", new Argument.Ints(List.of(3L)))),
                node("y", "add.Tensor", in("self", "x"), in("other", "r")));
        assertEquals(0, new FoldConstants().apply(work));
    }

    /** These operators return a view of their argument, or itself, although their schemas do not say so. */
    @ParameterizedTest
    @ValueSource(strings = {"atleast_2d.default", "type_as.default", "einsum.default", "meshgrid.default"})
    void whatIsWrittenThroughAnAliasIsNotComputedOnce(String alias) {
        NamedArgument[] inputs = alias.startsWith("einsum")
                ? new NamedArgument[] {in("equation", new Argument.Text("i->i")), in("tensors", tensors("z"))}
                : alias.startsWith("meshgrid")
                        ? new NamedArgument[] {in("tensors", tensors("z"))}
                        : alias.startsWith("type_as")
                                ? new NamedArgument[] {in("self", "z"), in("other", "x")}
                                : new NamedArgument[] {in("self", "z")};
        Argument made = alias.startsWith("meshgrid") ? tensors("v") : new Argument.Tensor("v");
        Work work = work(
                Map.of(),
                Map.of(),
                "y",
                node("z", "zeros.default", in("size", new Argument.Ints(List.of(3L)))),
                Node.of("v", "torch.ops.aten." + alias, List.of(inputs), List.of(made)),
                node("w", "add_.Tensor", in("self", "v"), in("other", "x")),
                node("y", "mul.Tensor", in("self", "z"), in("other", 2.0)));
        assertEquals(0, apply(new FoldConstants(), work, Torch.ones(3)));
        assertArrayEquals(
                run(work, Torch.ones(3)).toDoubleArray(),
                run(work, Torch.ones(3)).toDoubleArray());
    }

    /** torch.tensor(...) in a model is exported with detach_, which changes no value. */
    @Test
    void detachingInPlaceIsNoWrite() {
        Node[] nodes = {
            node("l", "lift_fresh_copy.default", in("self", "c")),
            node("d", "detach_.default", in("self", "l")),
            node("y", "mul.Tensor", in("self", "x"), in("other", "d"))
        };
        assertFalse(new Aliases(List.of(nodes)).isWritten("l"));
        Work work = work(Map.of("c", Torch.ones(3)), Map.of(), "y", nodes);
        assertEquals(1, apply(new DropTraining(), work, Torch.ones(3)));
        assertEquals(1, apply(new FoldConstants(), work, Torch.ones(3)));
        assertEquals(List.of("aten.mul.Tensor"), targets(work));
    }

    @Test
    void weightsThatAreOutputsAreCopied() {
        Tensor weight = Torch.ones(3);
        Work work = work(
                Map.of("w", weight), Map.of(), "y", node("y", "unsqueeze.default", in("self", "w"), in("dim", 0L)));
        assertEquals(1, apply(new CopyConstants(), work, Torch.ones(3)));
        run(work, Torch.ones(3)).add_(1);
        assertEquals(3, weight.sum().item());
        Work other =
                work(Map.of("w", weight), Map.of(), "y", node("y", "mul.Tensor", in("self", "x"), in("other", "w")));
        assertEquals(0, apply(new CopyConstants(), other, Torch.ones(3)));
    }

    // --- views -------------------------------------------------------------------------------------------------

    @Test
    void viewsBecomeReshapesUnlessTheirMemoryIsWritten() {
        Argument flat = new Argument.Ints(List.of(-1L));
        Work work = work(Map.of(), Map.of(), "y", node("y", "view.default", in("self", "x"), in("size", flat)));
        assertEquals(1, apply(new LooseViews(), work, Torch.ones(2, 3)));
        assertEquals(List.of("aten.reshape.default"), targets(work));
        Work written = work(
                Map.of(),
                Map.of(),
                "x",
                node("y", "view.default", in("self", "x"), in("size", flat)),
                node("w", "mul_.Tensor", in("self", "y"), in("other", 2.0)));
        assertEquals(0, apply(new LooseViews(), written, Torch.ones(2, 3)));
    }

    @Test
    void linearMapsAreNotJoinedIfTheStridesOfTheirResultsMatter() {
        Map<String, Tensor> weights = Map.of("q", Torch.randn(4, 3), "k", Torch.randn(5, 3));
        Work work = work(
                weights,
                Map.of(),
                "y",
                node("a", "linear.default", in("input", "x"), in("weight", "q")),
                node("b", "linear.default", in("input", "x"), in("weight", "k")),
                node("v", "view.default", in("self", "a"), in("size", new Argument.Ints(List.of(-1L)))),
                node("w", "mul_.Tensor", in("self", "v"), in("other", 2.0)),
                node("y", "cat.default", in("tensors", tensors("a", "b")), in("dim", -1L)));
        assertEquals(0, apply(new JoinLinear(), work, Torch.randn(2, 3)));
    }

    @Test
    void imagesStayAsTheyAreIfStridesMatterOrTheyAreWritten() {
        Map<String, Tensor> weights = Map.of("w", Torch.randn(3, 3, 3, 3));
        Node convolution = node("c", "conv2d.default", in("input", "x"), in("weight", "w"));
        Argument sizes = new Argument.Ints(List.of(2L, 9L));
        Argument strides = new Argument.Ints(List.of(9L, 1L));
        Map<String, TensorMeta> metas = Map.of("x", meta(2, 3, 5, 5));
        Work strided = work(
                weights,
                metas,
                "y",
                convolution,
                node("y", "as_strided.default", in("self", "c"), in("size", sizes), in("stride", strides)));
        assertEquals(0, apply(new ImageLayout(), strided, Torch.randn(2, 3, 5, 5)));
        Work written = work(
                weights,
                metas,
                "y",
                convolution,
                node("v", "mul_.Tensor", in("self", "x"), in("other", 2.0)),
                node("d", "conv2d.default", in("input", "x"), in("weight", "w")),
                node("y", "add.Tensor", in("self", "c"), in("other", "d")));
        assertEquals(0, apply(new ImageLayout(), written, Torch.randn(2, 3, 5, 5)));
    }

    private static Map<String, Tensor> normalized() {
        Torch.manualSeed(1);
        return Map.of(
                "w", Torch.randn(4, 3, 3, 3),
                "gamma", Torch.randn(4),
                "beta", Torch.randn(4),
                "mean", Torch.randn(4),
                "var", Torch.rand(4));
    }

    private static Node[] normalizing(boolean training) {
        return new Node[] {
            node("c", "conv2d.default", in("input", "x"), in("weight", "w")),
            node(
                    "y",
                    "batch_norm.default",
                    in("input", "c"),
                    in("weight", "gamma"),
                    in("bias", "beta"),
                    in("running_mean", "mean"),
                    in("running_var", "var"),
                    in("training", training),
                    in("momentum", 0.1),
                    in("eps", 1e-5),
                    in("cudnn_enabled", false))
        };
    }

    @Test
    void normalizationIsFoldedInEvalModeOnly() {
        Work work = work(normalized(), Map.of("c", meta(2, 4, 3, 3)), "y", normalizing(false));
        assertEquals(1, apply(new FoldNormalization(), work, Torch.randn(2, 3, 5, 5)));
        assertEquals(List.of("aten.conv2d.default"), targets(work));
        Work training = work(normalized(), Map.of("c", meta(2, 4, 3, 3)), "y", normalizing(true));
        assertEquals(0, new FoldNormalization().apply(training));
    }

    @Test
    void aConvolutionThatSomethingElseReadsIsNotFolded() {
        Node[] two = normalizing(false);
        Work work = work(
                normalized(),
                Map.of("c", meta(2, 4, 3, 3)),
                "z",
                two[0],
                two[1],
                node("z", "add.Tensor", in("self", "c"), in("other", "y")));
        assertEquals(0, apply(new FoldNormalization(), work, Torch.randn(2, 3, 5, 5)));
    }

    @Test
    void normalizationOfSequencesIsNotFoldedIntoTheFeaturesOfALinearMap() {
        Map<String, Tensor> weights = new HashMap<>(normalized());
        weights.put("w", Torch.randn(4, 3));
        Node linear = node("c", "linear.default", in("input", "x"), in("weight", "w"));
        Work sequences = work(weights, Map.of("c", meta(2, 4, 4)), "y", linear, normalizing(false)[1]);
        assertEquals(0, apply(new FoldNormalization(), sequences, Torch.randn(2, 4, 3)));
        Work rows = work(weights, Map.of("c", meta(2, 4)), "y", linear, normalizing(false)[1]);
        assertEquals(1, apply(new FoldNormalization(), rows, Torch.randn(2, 3)));
    }

    // --- joining and fusing ------------------------------------------------------------------------------------

    @Test
    void linearMapsOfOneInputAreJoined() {
        Map<String, Tensor> weights = Map.of("q", Torch.randn(4, 3), "k", Torch.randn(5, 3));
        Work work = work(
                weights,
                Map.of(),
                "y",
                node("a", "linear.default", in("input", "x"), in("weight", "q")),
                node("b", "linear.default", in("input", "x"), in("weight", "k")),
                node("y", "cat.default", in("tensors", tensors("a", "b")), in("dim", -1L)));
        assertEquals(1, apply(new JoinLinear(), work, Torch.randn(2, 3)));
        assertEquals(
                List.of("aten.linear.default", "aten.split_with_sizes.default", "aten.cat.default"), targets(work));
    }

    @Test
    void linearMapsAreNotJoinedIfTheirInputChangesBetween() {
        Map<String, Tensor> weights = Map.of("q", Torch.randn(4, 3), "k", Torch.randn(4, 3));
        Work work = work(
                weights,
                Map.of(),
                "y",
                node("a", "linear.default", in("input", "x"), in("weight", "q")),
                node("w", "add_.Tensor", in("self", "x"), in("other", 1.0)),
                node("b", "linear.default", in("input", "x"), in("weight", "k")),
                node("y", "add.Tensor", in("self", "a"), in("other", "b")));
        assertEquals(0, apply(new JoinLinear(), work, Torch.randn(2, 3)));
    }

    @Test
    void activationsAreComputedWithTheConvolution() {
        Work work = work(
                Map.of("w", Torch.randn(4, 3, 3, 3)),
                Map.of("x", meta(2, 3, 6, 6)),
                "y",
                node("c", "conv2d.default", in("input", "x"), in("weight", "w")),
                node("y", "hardswish.default", in("self", "c")));
        Tensor x = Torch.randn(2, 3, 6, 6);
        assertEquals(2, apply(new FusePointwise(), work, x));
        assertEquals(List.of("mkldnn._convolution_pointwise.default"), targets(work));
        assertEquals(1, apply(new PackWeights(), work, x));
        assertEquals(1, work.constants().size());
    }

    @Test
    void aResidualAndItsActivationAreComputedWithTheConvolution() {
        Work work = work(
                Map.of("w", Torch.randn(3, 3, 3, 3)),
                Map.of("x", meta(2, 3, 6, 6), "c", meta(2, 3, 6, 6)),
                "y",
                node(
                        "c",
                        "conv2d.default",
                        in("input", "x"),
                        in("weight", "w"),
                        in("bias", new Argument.None()),
                        in("stride", new Argument.Ints(List.of(1L, 1L))),
                        in("padding", new Argument.Ints(List.of(1L, 1L)))),
                node("s", "add.Tensor", in("self", "c"), in("other", "x")),
                node("y", "relu.default", in("self", "s")));
        Tensor x = Torch.randn(2, 3, 6, 6);
        assertEquals(1, apply(new FusePointwise(), work, x));
        assertEquals(1, apply(new FuseResidual(), work, x));
        assertEquals(List.of("mkldnn._convolution_pointwise.binary"), targets(work));
        assertEquals(1, apply(new PackWeights(), work, x));
    }

    @Test
    void aLinearMapAddsAResidualOfTheSameSizesOnly() {
        Map<String, Tensor> weights = Map.of("w", Torch.randn(300, 300).mul(0.05));
        Node[] nodes = {
            node("l", "linear.default", in("input", "x"), in("weight", "w")),
            node("y", "add.Tensor", in("self", "x"), in("other", "l"))
        };
        Work work = work(weights, Map.of("x", meta(4, 300), "l", meta(4, 300)), "y", nodes);
        Tensor x = Torch.randn(4, 300);
        assertEquals(1, apply(new FusePointwise(), work, x));
        assertEquals(1, apply(new FuseResidual(), work, x));
        assertEquals(List.of("mkldnn._linear_pointwise.binary"), targets(work));
        Work broadcast = work(weights, Map.of("x", meta(1, 300), "l", meta(4, 300)), "y", nodes);
        new FusePointwise().apply(broadcast);
        assertEquals(0, new FuseResidual().apply(broadcast));
    }

    @Test
    void anActivationIsNotMovedBeforeAChangeOfTheInput() {
        Work work = work(
                Map.of("w", Torch.randn(4, 3, 3, 3)),
                Map.of("x", meta(2, 3, 6, 6)),
                "y",
                node("c", "conv2d.default", in("input", "x"), in("weight", "w")),
                node("v", "mul_.Tensor", in("self", "x"), in("other", 2.0)),
                node("y", "relu.default", in("self", "c")));
        assertEquals(1, apply(new FusePointwise(), work, Torch.randn(2, 3, 6, 6)), "only the kernel is another");
        assertTrue(targets(work).contains("aten.relu.default"));
    }

    @Test
    void imagesAreConvertedWhereTheyEnter() {
        Work work = work(
                Map.of("w", Torch.randn(3, 3, 3, 3)),
                Map.of("x", meta(2, 3, 9, 9)),
                "y",
                node("c", "conv2d.default", in("input", "x"), in("weight", "w")),
                node("y", "conv2d.default", in("input", "c"), in("weight", "w")));
        assertEquals(1, apply(new ImageLayout(), work, Torch.randn(2, 3, 9, 9)));
        assertEquals("aten.contiguous.default", targets(work).get(0));
        assertFalse(run(work, Torch.randn(2, 3, 9, 9)).isContiguous());
    }
}
