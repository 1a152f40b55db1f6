package org.jtorch.export.internal.passes;

import static org.jtorch.export.internal.passes.SmallGraphs.apply;
import static org.jtorch.export.internal.passes.SmallGraphs.in;
import static org.jtorch.export.internal.passes.SmallGraphs.meta;
import static org.jtorch.export.internal.passes.SmallGraphs.node;
import static org.jtorch.export.internal.passes.SmallGraphs.targets;
import static org.jtorch.export.internal.passes.SmallGraphs.tensors;
import static org.jtorch.export.internal.passes.SmallGraphs.work;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jtorch.Torch;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.Node;
import org.jtorch.export.graph.TensorMeta;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Chains of views of the result of a linear map, whose order in memory is known. */
class MergeViewsTest {

    private static final String LINEAR = "mkldnn._linear_pointwise.default";

    private final Map<String, TensorMeta> metas = new HashMap<>(Map.of("x", meta(2, 5, 256), "l", meta(2, 5, 256)));

    @BeforeEach
    void begin() {
        Torch.manualSeed(0);
    }

    private Work graph(Node... nodes) {
        Node[] all = new Node[nodes.length + 1];
        all[0] = node("l", "linear.default", in("input", "x"), in("weight", "w"));
        System.arraycopy(nodes, 0, all, 1, nodes.length);
        Work work = work(Map.of("w", Torch.randn(256, 256).mul(0.1)), metas, "y", all);
        assertEquals(1, new FusePointwise().apply(work));
        return work;
    }

    private static Argument ints(Long... values) {
        return new Argument.Ints(List.of(values));
    }

    private static Node halves() {
        return Node.of(
                "h",
                "torch.ops.aten.split_with_sizes.default",
                List.of(in("self", "l"), in("split_sizes", ints(128L, 128L)), in("dim", -1L)),
                List.of(tensors("a", "b")));
    }

    private static Node heads(String name, String of) {
        return node(name, "reshape.default", in("self", of), in("shape", ints(2L, 5L, -1L, 32L)));
    }

    private static Node swapped(String name, String of) {
        return node(name, "transpose.int", in("self", of), in("dim0", 1L), in("dim1", 2L));
    }

    @Test
    void splitReshapeAndTransposeBecomeOneView() {
        Work work = graph(
                halves(),
                heads("c", "a"),
                heads("d", "b"),
                swapped("e", "c"),
                swapped("f", "d"),
                node("y", "mul.Tensor", in("self", "e"), in("other", "f")));
        assertEquals(2, apply(new MergeViews(), work, Torch.randn(2, 5, 256)));
        assertEquals(
                List.of(LINEAR, "aten.as_strided.default", "aten.as_strided.default", "aten.mul.Tensor"),
                targets(work));
    }

    /** A view in the middle that something else reads stays for it. */
    @Test
    void aViewThatIsReadInTheMiddleStays() {
        Work work = graph(
                heads("c", "l"),
                swapped("e", "c"),
                node("s", "sum.default", in("self", "c")),
                node("y", "mul.Tensor", in("self", "e"), in("other", "s")));
        assertEquals(1, apply(new MergeViews(), work, Torch.randn(2, 5, 256)));
        assertEquals(
                List.of(
                        LINEAR,
                        "aten.reshape.default",
                        "aten.as_strided.default",
                        "aten.sum.default",
                        "aten.mul.Tensor"),
                targets(work));
    }

    /** The reshape after the transpose copies. */
    @Test
    void aChainThatCopiesStays() {
        Work work = graph(
                heads("c", "l"),
                swapped("e", "c"),
                node("y", "reshape.default", in("self", "e"), in("shape", ints(2L, -1L))));
        assertEquals(0, apply(new MergeViews(), work, Torch.randn(2, 5, 256)));
        assertEquals(
                List.of(LINEAR, "aten.reshape.default", "aten.transpose.int", "aten.reshape.default"), targets(work));
    }

    @Test
    void whatIsNotKnownStays() {
        metas.remove("l");
        Work unknown = graph(heads("c", "l"), swapped("y", "c"));
        assertEquals(0, apply(new MergeViews(), unknown, Torch.randn(2, 5, 256)));
        metas.put("l", meta(2, 5, 256));
        Work written = graph(
                heads("c", "l"),
                swapped("e", "c"),
                node("v", "mul_.Tensor", in("self", "e"), in("other", 2.0)),
                node("y", "neg.default", in("self", "e")));
        assertEquals(0, apply(new MergeViews(), written, Torch.randn(2, 5, 256)));
    }
}
