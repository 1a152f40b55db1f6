package org.jtorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperatorTest {

    @Test
    void givesWhatTheOperatorGives() {
        Operator topk = Operator.find("aten::topk", "");
        List<Object> both = topk.call(Torch.tensor(new float[] {1, 5, 3}), 2, 0, true, true);
        assertArrayEquals(
                new float[] {5, 3}, assertInstanceOf(Tensor.class, both.get(0)).toFloatArray());
        assertArrayEquals(
                new long[] {1, 2}, assertInstanceOf(Tensor.class, both.get(1)).toLongArray());
    }

    @Test
    void overloadsAreListed() {
        List<OperatorSchema> max = Operator.overloads("aten::max");
        OperatorSchema dim = max.stream()
                .filter(schema -> schema.overload().equals("dim"))
                .findFirst()
                .orElseThrow();
        assertEquals("aten::max.dim", dim.fullName());
        assertEquals(List.of("Tensor", "Tensor"), dim.returns());
        assertEquals(
                List.of("self", "dim", "keepdim"),
                dim.arguments().stream().map(Operator.Argument::name).toList());
        assertTrue(max.stream().anyMatch(schema -> schema.overload().isEmpty()));
        assertEquals(List.of("Tensor[]"), returns("aten::split", "Tensor"));
        assertEquals(List.of("Tensor"), returns("aten::add_", "Tensor"));
        assertEquals(List.of("int"), returns("aten::sym_size", "int"));
        assertEquals(List.of(), returns("aten::_assert_async", "msg"));
        assertEquals(List.of(), Operator.overloads("aten::no_such_operator"));
    }

    private static List<String> returns(String name, String overload) {
        return Operator.overloads(name).stream()
                .filter(schema -> schema.overload().equals(overload))
                .findFirst()
                .orElseThrow()
                .returns();
    }

    @Test
    void isFoundOnce() {
        assertSame(Operator.find("aten::add", "Tensor"), Operator.find("aten::add", "Tensor"));
        assertNotSame(Operator.find("aten::add", "Tensor"), Operator.find("aten::add", "Scalar"));
    }

    /** The results are lent by the engine's stack, which is gone when the caller uses them. */
    @Test
    void resultsOutliveTheCall() {
        Operator add = Operator.find("aten::add", "Tensor");
        List<Tensor> sums = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            sums.add((Tensor)
                    add.call(Torch.full(new long[] {3}, i), Torch.ones(3), 1).get(0));
        }
        for (int i = 0; i < 2000; i++) {
            assertArrayEquals(new float[] {i + 1, i + 1, i + 1}, sums.get(i).toFloatArray());
        }
    }

    @Test
    void takesListsAsTheSchemaHasThem() {
        Tensor x = Torch.arange(6).reshape(2, 3).to(DType.FLOAT32);
        Operator sum = Operator.find("aten::sum", "dim_IntList");
        for (Object dims : List.of(List.of(0), new long[] {0}, new int[] {0}, 0)) {
            Tensor columns = (Tensor) sum.call(x, dims, false, null).get(0);
            assertArrayEquals(new float[] {3, 5, 7}, columns.toFloatArray());
        }
        assertEquals(15.0, ((Tensor) sum.call(x, null, false, DType.FLOAT64).get(0)).item());
        Operator cat = Operator.find("aten::cat", "");
        assertArrayEquals(
                new long[] {4, 3}, ((Tensor) cat.call(List.of(x, x), 0).get(0)).shape());
        Operator put = Operator.find("aten::index_put", "");
        Tensor changed =
                (Tensor) put.call(x, Arrays.asList(null, Torch.tensor(new long[] {1})), Torch.zeros(2, 1), false)
                        .get(0);
        assertArrayEquals(new float[] {0, 0, 2, 3, 0, 5}, changed.toFloatArray());
    }

    /** An integer is accepted for a float in the schema, as in Python, but a float is not accepted for an integer. */
    @Test
    void numbersFollowTheSchema() {
        Operator dropout = Operator.find("aten::dropout", "");
        assertArrayEquals(
                new float[] {0, 0},
                ((Tensor) dropout.call(Torch.ones(2), 1, true).get(0)).toFloatArray());
        Operator topk = Operator.find("aten::topk", "");
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> topk.call(Torch.ones(2), 1.5, 0, true, true));
        assertEquals("argument 'k' of aten::topk is of type int, but was given 1.5", e.getMessage());
        Operator zeros = Operator.find("aten::zeros", "");
        Tensor made = (Tensor)
                zeros.call(new long[] {2}, DType.INT16, null, Device.CPU, false).get(0);
        assertEquals(DType.INT16, made.dtype());
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        TorchException e = assertThrows(TorchException.class, () -> Operator.find("aten::nonesuch", ""));
        assertTrue(e.getMessage().contains("nonesuch"), e.getMessage());
        Operator neg = Operator.find("aten::neg", "");
        IllegalArgumentException few = assertThrows(IllegalArgumentException.class, neg::call);
        assertEquals("aten::neg takes 1 arguments, not 0: aten::neg(Tensor self) -> Tensor", few.getMessage());
    }

    /** What the engine would answer with an internal assertion. */
    @Test
    void refusesAnArgumentOfAnotherKind() {
        Tensor x = Torch.ones(2);
        Operator neg = Operator.find("aten::neg", "");
        assertEquals("argument 'self' of aten::neg is of type Tensor, but was given a String", refusal(neg, "text"));
        assertEquals(
                "argument 'self' of aten::neg is of type Tensor, but was given a Object", refusal(neg, new Object()));
        assertEquals("argument 'self' of aten::neg is of type Tensor, but was given null", refusal(neg, (Object) null));
        Operator cat = Operator.find("aten::cat", "");
        assertEquals("argument 'dim' of aten::cat is of type int, but was given a Tensor", refusal(cat, List.of(x), x));
        assertEquals("argument 'tensors' of aten::cat is of type Tensor[], but was given a Long", refusal(cat, 1L, 0));
        assertEquals(
                "argument 'tensors' of aten::cat is of type Tensor[], but was given a list that contains null",
                refusal(cat, Arrays.asList(x, null), 0));
        Operator dropout = Operator.find("aten::dropout", "");
        assertEquals(
                "argument 'train' of aten::dropout is of type bool, but was given a Integer",
                refusal(dropout, x, 0.5, 1));
        assertEquals(
                "argument 'p' of aten::dropout is of type float, but was given a Boolean",
                refusal(dropout, x, true, true));
        Operator zeros = Operator.find("aten::zeros", "");
        assertEquals(
                "argument 'dtype' of aten::zeros is of type ScalarType?, but was given a Integer",
                refusal(zeros, new long[] {2}, 99, null, null, null));
        assertEquals(
                "argument 'layout' of aten::zeros is of type Layout?, but was given a Long",
                refusal(zeros, new long[] {2}, null, 99L, null, null));
        assertEquals(
                Layout.SPARSE_COO,
                ((Tensor) zeros.call(new long[] {2}, null, Layout.SPARSE_COO, null, null)
                                .get(0))
                        .layout());
    }

    private static String refusal(Operator operator, Object... values) {
        return assertThrows(IllegalArgumentException.class, () -> operator.call(values))
                .getMessage();
    }

    /** PyTorch too takes one number for a list of a fixed length. */
    @Test
    void oneNumberStandsForAllOfAFixedList() {
        Operator pool = Operator.find("aten::avg_pool2d", "");
        Tensor pooled = (Tensor)
                pool.call(Torch.ones(1, 1, 4, 4), 2, 2, 0, false, true, null).get(0);
        assertArrayEquals(new long[] {1, 1, 2, 2}, pooled.shape());
    }

    /** Their kernels use what they are given as addresses without a look. */
    @Test
    void refusesOperatorsThatTrustTheirCaller() {
        for (String name : List.of(
                "aten::_cufft_get_plan_cache_size",
                "aten::_embedding_bag_dense_backward",
                "aten::max_pool2d_with_indices_backward",
                "aten::quantized_lstm_cell",
                "aten::mkldnn_rnn_layer",
                "aten::to_mkldnn",
                "aten::_sparse_coo_tensor_unsafe",
                "inductor::_alloc_from_pool",
                "profiler::_record_function_enter")) {
            TorchException e = assertThrows(TorchException.class, () -> Operator.find(name, ""));
            assertTrue(
                    e.getMessage().startsWith("the operator " + name + " cannot be called by name: "), e.getMessage());
        }
    }
}
