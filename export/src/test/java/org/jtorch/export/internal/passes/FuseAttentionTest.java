package org.jtorch.export.internal.passes;

import static org.jtorch.export.internal.passes.SmallGraphs.apply;
import static org.jtorch.export.internal.passes.SmallGraphs.in;
import static org.jtorch.export.internal.passes.SmallGraphs.meta;
import static org.jtorch.export.internal.passes.SmallGraphs.node;
import static org.jtorch.export.internal.passes.SmallGraphs.targets;
import static org.jtorch.export.internal.passes.SmallGraphs.work;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.Node;
import org.jtorch.export.graph.TensorMeta;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Attention that is written out, in the forms in which models write it, and what only looks like it. */
class FuseAttentionTest {

    private static final String FUSED = "aten.scaled_dot_product_attention.default";

    /** q = x (2, 3, 5, 8), with five keys. */
    private final Map<String, Tensor> constants = new HashMap<>();

    private final Map<String, TensorMeta> metas = new HashMap<>();

    @BeforeEach
    void begin() {
        Torch.manualSeed(0);
        constants.put("k", Torch.randn(2, 3, 7, 8));
        constants.put("v", Torch.randn(2, 3, 7, 8));
        constants.put("m", Torch.randn(2, 1, 1, 7));
        metas.put("x", meta(2, 3, 5, 8));
        metas.put("k", meta(2, 3, 7, 8));
        metas.put("kt", meta(2, 3, 8, 7));
        metas.put("v", meta(2, 3, 7, 8));
        metas.put("m", meta(2, 1, 1, 7));
        for (String scores : List.of("s", "d", "a", "p")) {
            metas.put(scores, meta(2, 3, 5, 7));
        }
    }

    private static Tensor query() {
        return Torch.randn(2, 3, 5, 8);
    }

    private static Node transposed() {
        return node("kt", "transpose.int", in("self", "k"), in("dim0", -1L), in("dim1", -2L));
    }

    private static Node products() {
        return node("s", "matmul.default", in("self", "x"), in("other", "kt"));
    }

    private static Node softmax(String scores) {
        return node("p", "softmax.int", in("self", scores), in("dim", -1L));
    }

    private static Node weighted() {
        return node("y", "matmul.default", in("self", "p"), in("other", "v"));
    }

    private static Node divided() {
        return node("d", "div.Tensor", in("self", "s"), in("other", Math.sqrt(8)));
    }

    private Work graph(Node... nodes) {
        return work(constants, metas, "y", nodes);
    }

    @Test
    void withoutScaleAndMask() {
        Work work = graph(transposed(), products(), softmax("s"), weighted());
        assertEquals(1, apply(new FuseAttention(), work, query()));
        assertEquals(List.of(FUSED), targets(work));
    }

    @Test
    void withADivisorAndAMask() {
        Node add = node("a", "add.Tensor", in("self", "d"), in("other", "m"));
        Work work = graph(transposed(), products(), divided(), add, softmax("a"), weighted());
        assertEquals(1, apply(new FuseAttention(), work, query()));
        assertEquals(List.of(FUSED), targets(work));
    }

    /** The mask may be the first operand, and the scale a tensor. Keys may be transposed in another way. */
    @Test
    void withAFactorAMaskBeforeTheScoresAndPermutedKeys() {
        constants.put("f", Torch.full(new long[] {}, 0.3));
        Work work = graph(
                node("kt", "permute.default", in("self", "k"), in("dims", new Argument.Ints(List.of(0L, 1L, 3L, 2L)))),
                products(),
                node("d", "mul.Tensor", in("self", "s"), in("other", "f")),
                node("a", "add.Tensor", in("self", "m"), in("other", "d")),
                node("p", "_softmax.default", in("self", "a"), in("dim", 3L), in("half_to_float", false)),
                weighted());
        assertEquals(1, apply(new FuseAttention(), work, query()));
        assertEquals(List.of("aten.permute.default", "aten.transpose.int", FUSED), targets(work));
    }

    @Test
    void whatOnlyLooksLikeAttentionStays() {
        List<Work> others = new ArrayList<>();
        Node overQueries = node("p", "softmax.int", in("self", "s"), in("dim", 2L));
        others.add(graph(transposed(), products(), overQueries, weighted()));
        Node twice = node("a", "add.Tensor", in("self", "d"), in("other", "m"), in("alpha", 2L));
        others.add(graph(transposed(), products(), divided(), twice, softmax("a"), weighted()));
        Node rounded = node(
                "d",
                "div.Tensor_mode",
                in("self", "s"),
                in("other", 2.0),
                in("rounding_mode", new Argument.Text("floor")));
        others.add(graph(transposed(), products(), rounded, softmax("d"), weighted()));
        Node added = node("y", "add.Tensor", in("self", "o"), in("other", "r"));
        others.add(graph(
                transposed(),
                products(),
                softmax("s"),
                node("o", "matmul.default", in("self", "p"), in("other", "v")),
                node("r", "sum.default", in("self", "p")),
                added));
        for (Work work : others) {
            assertEquals(
                    0, apply(new FuseAttention(), work, query()), work.graph().toString());
            assertFalse(targets(work).contains(FUSED));
        }
    }

    /** One head for all queries: the products are broadcast, which the operator does not do. */
    @Test
    void headsThatAreBroadcastStay() {
        constants.put("k", Torch.randn(2, 1, 7, 8));
        metas.put("kt", meta(2, 1, 8, 7));
        Work work = graph(transposed(), products(), softmax("s"), weighted());
        assertEquals(0, apply(new FuseAttention(), work, query()));
    }

    @Test
    void aQueryThatIsWrittenBeforeTheResultStays() {
        Work work = graph(
                transposed(),
                products(),
                node("w", "mul_.Tensor", in("self", "x"), in("other", 2.0)),
                softmax("s"),
                weighted());
        assertEquals(0, apply(new FuseAttention(), work, query()));
    }

    /** The operator's result has another order in memory. */
    @Test
    void aResultWhoseStridesMatterStays() {
        Work work = graph(
                transposed(),
                products(),
                softmax("s"),
                node("o", "matmul.default", in("self", "p"), in("other", "v")),
                node("y", "view.default", in("self", "o"), in("size", new Argument.Ints(List.of(6L, 40L)))));
        assertEquals(0, apply(new FuseAttention(), work, query()));
    }
}
