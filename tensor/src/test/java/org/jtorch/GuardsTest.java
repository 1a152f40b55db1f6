package org.jtorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * What once crashed the JVM, read foreign memory or never returned, and what guards it: each by the method and by the
 * operator's name. PyTorch 2.14 crashes or hangs at most of it too.
 */
class GuardsTest {

    private static final Tensor LINE = Torch.arange(8).to(DType.FLOAT32).view(1, 1, 8);
    private static final Tensor PLANE = Torch.arange(16).to(DType.FLOAT32).view(1, 1, 4, 4);
    private static final Tensor VOLUME = Torch.arange(64).to(DType.FLOAT32).view(1, 1, 4, 4, 4);
    private static final Tensor LEAST = Torch.tensor(new long[] {5, Long.MIN_VALUE});
    private static final Tensor LEAST_INT = Torch.tensor(new int[] {5, Integer.MIN_VALUE});

    private static void refused(String message, Executable... calls) {
        for (Executable call : calls) {
            assertEquals(
                    message, assertThrows(IllegalArgumentException.class, call).getMessage());
        }
    }

    private static Object operator(String name, String overload, Object... arguments) {
        return Operator.find("aten::" + name, overload).call(arguments).get(0);
    }

    // --- windows -----------------------------------------------------------------------------------------------

    private static final long[] ONE = {1};
    private static final long[] ZERO = {0};

    @Test
    void aPoolingWindowStaysWithinAnInt() {
        for (long size : new long[] {Long.MAX_VALUE, 1L << 33}) {
            refused(
                    "kernel_size is " + size + ", but must not exceed 2147483647",
                    () -> LINE.maxPool1d(new long[] {size}, ONE, ZERO, ONE, false),
                    () -> LINE.maxPool1dWithIndices(new long[] {size}, ONE, ZERO, ONE, false),
                    () -> LINE.avgPool1d(new long[] {size}, ONE, ZERO, false, true),
                    () -> PLANE.maxPool2d(new long[] {size}, ONE, ZERO, ONE, false),
                    () -> VOLUME.avgPool3d(new long[] {size}, ONE, ZERO, false, true, null),
                    () -> operator("max_pool1d", "", LINE, size, 1, 0, 1, false));
        }
    }

    @Test
    void aPaddingThatIsWalkedOverIsBounded() {
        refused(
                "padding is 4294967296, but must not exceed 16777216",
                () -> LINE.maxPool1d(new long[] {Integer.MAX_VALUE}, ONE, new long[] {1L << 32}, ONE, false),
                () -> operator("max_pool1d", "", LINE, Integer.MAX_VALUE, 1, 1L << 32, 1, false));
    }

    @Test
    void aConvolutionsStepsStayWithinAnInt() {
        Tensor weight = Torch.ones(1, 1, 2);
        refused(
                "stride is 4294967296, but must not exceed 16777216",
                () -> LINE.conv1d(weight, null, new long[] {1L << 32}, ZERO, ONE, 1),
                () -> LINE.convTranspose1d(weight, null, new long[] {1L << 32}, ZERO, ZERO, 1, ONE),
                () -> operator("conv1d", "", LINE, weight, null, 1L << 32, 0, 1, 1));
        refused(
                "dilation is 4294967296, but must not exceed 2147483647",
                () -> LINE.conv1d(weight, null, ONE, ZERO, new long[] {1L << 32}, 1));
        refused(
                "groups is -4294967296, but must not exceed 2147483647",
                () -> LINE.conv1d(weight, null, ONE, ZERO, ONE, -(1L << 32)));
    }

    @Test
    void anOutputSizeStaysWithinAnInt() {
        refused(
                "output_size is [9223372036854775807, 1, 1], but must not exceed 2147483647",
                () -> VOLUME.adaptiveMaxPool3d(new long[] {Long.MAX_VALUE, 1, 1}),
                () -> operator("adaptive_max_pool3d", "", VOLUME, new long[] {Long.MAX_VALUE, 1, 1}));
    }

    /** Memory sets no bound to an output that has no elements, but the engine walks over its other dimensions. */
    @Test
    void anEmptyOutputIsBoundedInItsOtherDimensions() {
        refused(
                "output_size is [1073741824, 0, 1]: an output without elements must not have more than 16777216 in its other"
                        + " dimensions",
                () -> VOLUME.adaptiveMaxPool3d(new long[] {1L << 30, 0, 1}),
                () -> operator("adaptive_max_pool3d", "", VOLUME, new long[] {1L << 30, 0, 1}));
    }

    /** A stride together with a size is a distance in memory, which may be large. */
    @Test
    void stridesOfMemoryAreNoWindows() {
        Tensor one = Torch.zeros(1).asStrided(new long[] {1}, new long[] {1L << 40});
        assertArrayEquals(new float[] {0}, one.toFloatArray());
        assertEquals(1L << 40, one.stride(0));
        assertEquals(
                1L << 40,
                ((Tensor) operator("as_strided", "", one, new long[] {1}, new long[] {1L << 40}, null)).stride(0));
    }

    @Test
    void aFactorLeadsToTheOutputsSize() {
        refused(
                "the factor 0.1 does not make output_size [64, 2] of a size of 4",
                () -> PLANE.upsampleBilinear2dAa(new long[] {64, 2}, false, 0.1, 4294967297.0),
                () -> PLANE.upsampleNearest2d(new long[] {64, 2}, 0.1, null),
                () -> operator("_upsample_bilinear2d_aa", "", PLANE, new long[] {64, 2}, false, 0.1, null));
        refused(
                "the factor 1.0E-320 does not make output_size [8] of a size of 8",
                () -> LINE.upsampleNearest1d(new long[] {8}, 1e-320));
        assertArrayEquals(
                new long[] {1, 1, 6, 6},
                PLANE.upsampleNearest2d(new long[] {6, 6}, 1.6, 1.6).shape());
    }

    @Test
    void eigenvaluesAreOfFiniteMatrices() {
        refused(
                "torch.linalg.eigvals: input tensor should not contain infs or NaNs.",
                () -> operator("linalg_eigvals", "", Torch.full(new long[] {20, 16, 16}, Double.NEGATIVE_INFINITY)),
                () -> operator("linalg_eigvals", "", Torch.full(new long[] {2, 2}, Double.NaN)));
        assertEquals(2, ((Tensor) operator("linalg_eigvals", "", Torch.eye(2))).numel());
    }

    @Test
    void channelsAreSplitIntoSomeGroups() {
        refused(
                "Number of groups to divide channels in must be positive. Value of groups:0",
                () -> PLANE.to(Device.META).nativeChannelShuffle(0),
                () -> operator("native_channel_shuffle", "", PLANE.to(Device.META), 0));
    }

    @Test
    void aPaddingHasTwoSidesForEachDimension() {
        long[] none = {};
        refused(
                "padding has 0 values [], but must have 6: two for each dimension",
                () -> VOLUME.reflectionPad3d(none),
                () -> VOLUME.replicationPad3d(none),
                () -> operator("reflection_pad3d", "", VOLUME, none));
        refused(
                "padding has 2 values [1, 1], but must have 4: two for each dimension",
                () -> PLANE.reflectionPad2d(new long[] {1, 1}),
                () -> PLANE.replicationPad2d(new long[] {1, 1}));
        refused(
                "padding has 0 values [], but must have 2: two for each dimension",
                () -> LINE.reflectionPad1d(none),
                () -> LINE.replicationPad1d(none));
        refused(
                "padding is [9223372036854775807, 0, 0, 0], but must not exceed 16777216",
                () -> PLANE.replicationPad2d(new long[] {Long.MAX_VALUE, 0, 0, 0}));
        assertArrayEquals(
                new long[] {1, 1, 6, 6},
                PLANE.reflectionPad2d(new long[] {1, 1, 1, 1}).shape());
    }

    // --- numbers -----------------------------------------------------------------------------------------------

    @Test
    void theLeastIntegerIsNotDividedByMinusOne() {
        Tensor minusOne = Torch.tensor(new long[] {-1});
        for (Executable call : List.<Executable>of(
                () -> LEAST.div(-1, "trunc"),
                () -> LEAST.div(minusOne, "trunc"),
                () -> LEAST.clone().div_(-1, "trunc"),
                () -> LEAST.clone().div_(minusOne, "trunc"),
                () -> operator("div", "Tensor_mode", LEAST, minusOne, "trunc"),
                () -> operator("div_", "Scalar_mode", LEAST.clone(), -1, "trunc"),
                () -> operator("divide", "Scalar_mode", LEAST, -1, "trunc"))) {
            assertEquals(
                    "the quotient of -9223372036854775808 and -1 does not fit into int64",
                    assertThrows(ArithmeticException.class, call).getMessage());
        }
        for (Executable call : List.<Executable>of(
                () -> LEAST_INT.div(-1, "trunc"),
                () -> LEAST_INT.div((1L << 32) - 1, "trunc"),
                () -> LEAST_INT.div(Torch.tensor(new int[] {-1}), "trunc"))) {
            assertEquals(
                    "the quotient of -2147483648 and -1 does not fit into int32",
                    assertThrows(ArithmeticException.class, call).getMessage());
        }
    }

    @Test
    void otherQuotientsAreAsBefore() {
        assertArrayEquals(
                new long[] {-5, -7},
                Torch.tensor(new long[] {5, 7}).div(-1, "trunc").toLongArray());
        assertArrayEquals(
                new long[] {2, Long.MIN_VALUE / 2}, LEAST.div(2, "trunc").toLongArray());
        assertArrayEquals(
                new long[] {-5, 1L << 31},
                LEAST_INT.div(Torch.tensor(new long[] {-1}), "trunc").toLongArray());
        assertArrayEquals(
                new float[] {-3, 2},
                Torch.tensor(new float[] {3.5f, -2.5f}).div(-1, "trunc").toFloatArray());
    }

    @Test
    void theExponentOfAMatrixHasAnAbsoluteValue() {
        refused(
                "the exponent of a matrix must be greater than -9223372036854775808",
                () -> Torch.eye(2).matrixPower(Long.MIN_VALUE),
                () -> operator("matrix_power", "", Torch.eye(2), Long.MIN_VALUE),
                () -> operator("linalg_matrix_power", "", Torch.eye(2), Long.MIN_VALUE));
        assertArrayEquals(
                new float[] {1, 0, 0, 1},
                Torch.eye(2).matrixPower(Long.MIN_VALUE + 1).toFloatArray());
    }

    @Test
    void trialsAreCountedAndProbabilitiesAreSuch() {
        Tensor half = Torch.full(new long[] {2}, 0.5);
        for (double count : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -1}) {
            refused(
                    "count must be within [0, 9007199254740992], but has an element that is not",
                    () -> operator("binomial", "", Torch.full(new long[] {2}, count), half, null));
        }
        refused(
                "prob must be within [0, 1], but has an element that is not",
                () -> operator(
                        "binomial",
                        "",
                        Torch.full(new long[] {2}, 10.0),
                        Torch.tensor(new float[] {0, Float.NaN}),
                        null));
        Tensor drawn = (Tensor) operator("binomial", "", Torch.full(new long[] {2}, 10.0), Torch.ones(2), null);
        assertArrayEquals(new float[] {10, 10}, drawn.toFloatArray());
    }

    @Test
    void aRangeOfIntegersHasAStepThatIsOne() {
        refused(
                "step is 0.5, which is 0 as an integer",
                () -> Torch.arange(0, 8, 0.5, TensorOptions.of(DType.INT64)),
                () -> operator("arange", "start_step", 0, 8, 0.5, DType.INT64, null, null, null),
                () -> operator("range", "step", 0, 8, 0.5, DType.INT64, null, null, null));
        assertArrayEquals(
                new long[] {0, 1, 2},
                Torch.arange(0, 3.5, 1.5, TensorOptions.of(DType.INT64)).toLongArray());
        assertArrayEquals(new float[] {0, 0.5f}, Torch.arange(0, 1, 0.5).toFloatArray());
    }

    @Test
    void theDegreeOfAPolynomialIsBounded() {
        Tensor x = Torch.ones(2);
        refused(
                "the degree of a polynomial must not exceed 65536",
                () -> operator("special_legendre_polynomial_p", "n_scalar", x, 1L << 32),
                () -> operator("special_laguerre_polynomial_l", "", x, Torch.full(new long[] {2}, 1e18)));
        assertArrayEquals(
                new float[] {1, 1},
                ((Tensor) operator("special_legendre_polynomial_p", "n_scalar", x, 5)).toFloatArray());
    }

    @Test
    void batchNormHasANumberForEachChannel() {
        Tensor x = Torch.ones(2, 3, 4);
        refused(
                "weight has 2 elements, but there are 3 channels",
                () -> operator("native_batch_norm", "", x, Torch.ones(2), null, null, null, true, 0.1, 1e-5));
        refused(
                "without training, running_mean and running_var must be given",
                () -> operator("native_batch_norm", "", x, null, null, null, null, false, 0.1, 1e-5),
                () -> operator("_native_batch_norm_legit", "no_stats", x, null, null, false, 0.1, 1e-5));
    }

    @Test
    void listsOfAnOperatorOnListsHaveOneLength() {
        Tensor x = Torch.ones(2);
        refused(
                "the lists have 0 and 1 elements, but must have the same length",
                () -> operator("_foreach_mul", "List", List.of(), List.of(x)));
    }

    // --- what is used as an index ------------------------------------------------------------------------------

    @Test
    void weightNormTakesALengthForEachSlice() {
        Tensor v = Torch.ones(3, 2);
        refused(
                "g has the shape [1], but must have [3, 1]",
                () -> Torch.weightNorm(v, Torch.ones(1), 0),
                () -> operator("_weight_norm", "", v, Torch.ones(1), 0));
        refused("g has the shape [2, 1], but must have [3, 1]", () -> Torch.weightNorm(v, Torch.ones(2, 1), 0));
        refused("dim is 2, but v has 2 dimensions; -1 means all of them", () -> Torch.weightNorm(v, Torch.ones(1), 2));
        refused("v has no elements", () -> Torch.weightNorm(Torch.ones(0), Torch.ones(0), 0));
        refused(
                "v and g must have the same dtype",
                () -> Torch.weightNorm(v, Torch.ones(3, 1).to(DType.FLOAT64), 0));
        assertEquals(
                Math.sqrt(0.5), Torch.weightNorm(v, Torch.ones(3, 1), 0).sum().item() / 6, 1e-6);
    }

    private static Tensor ctc(long[] targets, long[] shape, long inputLength, long targetLength) {
        return Torch.zeros(4, 1, 3)
                .logSoftmax(2)
                .ctcLoss(
                        Torch.tensor(targets, shape),
                        Torch.tensor(new long[] {inputLength}),
                        Torch.tensor(new long[] {targetLength}),
                        0,
                        1,
                        false);
    }

    @Test
    void ctcTargetsAreClassesWithinTheirLengths() {
        refused(
                "a target is 3, but there are 3 classes, 0 to 2",
                () -> ctc(new long[] {1, 3}, new long[] {1, 2}, 4, 2));
        refused("a target is -1, but there are 3 classes, 0 to 2", () -> ctc(new long[] {1, -1}, new long[] {2}, 4, 2));
        refused(
                "target_lengths are [3], which exceeds the 2 targets of a row",
                () -> ctc(new long[] {1, 2}, new long[] {1, 2}, 4, 3));
        refused(
                "target_lengths are [-1], which exceeds the 2 targets",
                () -> ctc(new long[] {1, 2}, new long[] {2}, 4, -1));
        refused(
                "input_lengths are [5], but must be within [0, 4]",
                () -> ctc(new long[] {1, 2}, new long[] {1, 2}, 5, 2));
        refused(
                "a target is 1000000, but there are 3 classes, 0 to 2",
                () -> operator(
                        "ctc_loss",
                        "IntList",
                        Torch.zeros(4, 1, 3),
                        Torch.tensor(new long[] {1_000_000}, 1, 1),
                        new long[] {4},
                        new long[] {1},
                        0,
                        1,
                        false));
        assertTrue(ctc(new long[] {1, 2}, new long[] {1, 2}, 4, 2).item() > 0);
        // elements after the lengths are not checked, as in PyTorch
        assertEquals(
                ctc(new long[] {1, 2}, new long[] {1, 2}, 4, 1).item(),
                ctc(new long[] {1, -100}, new long[] {1, 2}, 4, 1).item());
    }

    @Test
    void sparseIndicesAreWithinTheSizes() {
        for (long column : new long[] {2, 1_000_000_000L, -1}) {
            TorchException e = assertThrows(
                    TorchException.class,
                    () -> Torch.sparseCsrTensor(
                            Torch.tensor(new long[] {0, 1, 2}),
                            Torch.tensor(new long[] {0, column}),
                            Torch.ones(2),
                            new long[] {2, 2}));
            assertTrue(e.getMessage().contains("col_indices"), e.getMessage());
            assertThrows(
                    TorchException.class,
                    () -> Torch.sparseCooTensor(
                            Torch.tensor(new long[] {0, column}, 2, 1), Torch.ones(1), new long[] {2, 2}, true));
        }
        TorchException unsorted = assertThrows(
                TorchException.class,
                () -> Torch.sparseCooTensor(
                        Torch.tensor(new long[] {1, 0}, 1, 2), Torch.ones(2), new long[] {2}, true));
        assertTrue(unsorted.getMessage().contains("is_coalesced"), unsorted.getMessage());
        assertArrayEquals(
                new float[] {0, 7, 0, 0},
                Torch.sparseCooTensor(
                                Torch.tensor(new long[] {0, 1}, 2, 1),
                                Torch.tensor(new float[] {7}),
                                new long[] {2, 2},
                                true)
                        .toDense()
                        .toFloatArray());
    }

    /** Values that were checked must not change afterwards. */
    @Test
    void theIndicesOfASparseTensorAreItsOwn() {
        Tensor indices = Torch.tensor(new long[] {0, 1}, 2, 1);
        Tensor values = Torch.tensor(new float[] {7});
        Tensor coo = Torch.sparseCooTensor(indices, values, new long[] {2, 2}, true);
        Tensor byName = (Tensor) operator(
                "sparse_coo_tensor", "indices_size", indices, values, new long[] {2, 2}, null, null, null, null, true);
        indices.fill_(1L << 40);
        for (Tensor sparse : List.of(coo, byName)) {
            ((Tensor) operator("_indices", "", sparse)).fill_(1L << 40);
            ((Tensor) operator("indices", "", sparse)).fill_(1L << 40);
            assertArrayEquals(new float[] {0, 7, 0, 0}, sparse.toDense().toFloatArray());
        }
        values.fill_(8);
        assertArrayEquals(new float[] {0, 8, 0, 0}, coo.toDense().toFloatArray());

        Tensor rows = Torch.tensor(new long[] {0, 1, 2});
        Tensor columns = Torch.tensor(new long[] {1, 0});
        Tensor two = Torch.tensor(new float[] {5, 6});
        Tensor csr = Torch.sparseCsrTensor(rows, columns, two, new long[] {2, 2});
        rows.fill_(1L << 40);
        columns.fill_(1L << 40);
        ((Tensor) operator("crow_indices", "", csr)).fill_(1L << 40);
        ((Tensor) operator("col_indices", "", csr)).fill_(1L << 40);
        operator("resize_", "", two, new long[] {0}, null);
        assertArrayEquals(new float[] {0, 5, 6, 0}, csr.toDense().toFloatArray());
    }

    @Test
    void bagsStayWithinTheirIndices() {
        Tensor weight = Torch.ones(3, 2);
        Tensor indices = Torch.tensor(new long[] {0, 2, 1});
        refused(
                "offset 1 is 4, but must start at 0, must not decrease, and must not exceed the number of indices, 3",
                () -> bag(weight, indices, 0, 4));
        refused(
                "offset 0 is 1, but must start at 0, must not decrease, and must not exceed the number of indices, 3",
                () -> bag(weight, indices, 1, 2));
        refused(
                "offset 2 is 1, but must start at 0, must not decrease, and must not exceed the number of indices, 3",
                () -> bag(weight, indices, 0, 2, 1));
        refused(
                "index 3 is out of bounds for an embedding of 3 rows",
                () -> bag(weight, Torch.tensor(new long[] {0, 3}), 0));
        assertArrayEquals(new float[] {2, 2, 1, 1}, bag(weight, indices, 0, 2).toFloatArray());
    }

    private static Tensor bag(Tensor weight, Tensor indices, long... offsets) {
        return weight.embeddingBag(indices, Torch.tensor(offsets), false, 0, false, null, false, null)
                .get(0);
    }

    @Test
    void batchSizesOfPackedSequencesAreTheirRows() {
        Tensor data = Torch.ones(3, 2);
        for (long[] sizes : new long[][] {{3, 1}, {1, 2}, {3, 0}, {4, -1}, {}}) {
            refused(
                    "batch_sizes are " + Arrays.toString(sizes)
                            + ", but must be positive, must not increase, and must add up to the 3 rows of the data",
                    () -> data.padPackedSequence(Torch.tensor(sizes), false, 0, 0),
                    () -> operator("_pad_packed_sequence", "", data, Torch.tensor(sizes), false, 0, 0));
        }
        assertArrayEquals(
                new long[] {2, 2, 2},
                data.padPackedSequence(Torch.tensor(new long[] {2, 1}), false, 0, 0)
                        .get(0)
                        .shape());
    }

    @Test
    void aFusedStepTakesTensorsLikeItsParameters() {
        Tensor p = Torch.ones(3, 2);
        String differs =
                "a gradient or state of a fused step differs from parameter 0 in shape, strides, dtype or device";
        refused(
                differs,
                () -> adamW(p, Torch.ones(1).expand(3, 2), Torch.zeros(3, 2)),
                () -> adamW(p, Torch.ones(2, 3).t(), Torch.zeros(3, 2)),
                () -> adamW(p, Torch.ones(1), Torch.zeros(3, 2)),
                () -> adamW(p, Torch.ones(3, 2), Torch.zeros(2)),
                () -> adamW(p, Torch.ones(3, 2).to(DType.FLOAT64), Torch.zeros(3, 2)));
        refused(
                "a fused step needs dense parameters whose elements do not overlap",
                () -> adamW(Torch.ones(1).expand(3, 2), Torch.ones(3, 2), Torch.zeros(3, 2)),
                () -> adamW(Torch.ones(3, 4).narrow(1, 0, 2), Torch.ones(3, 2), Torch.zeros(3, 2)));
        adamW(p, Torch.ones(3, 2), Torch.zeros(3, 2));
        assertEquals(0.9, p.select(0, 0).select(0, 0).item(), 1e-5);
    }

    private static void adamW(Tensor param, Tensor grad, Tensor average) {
        Operator.find("aten::_fused_adamw_", "")
                .call(
                        List.of(param),
                        List.of(grad),
                        List.of(average),
                        List.of(Torch.zeros(param.shape())),
                        List.of(),
                        List.of(Torch.ones(1).squeeze()),
                        0.1,
                        0.9,
                        0.999,
                        0.0,
                        1e-8,
                        false,
                        false,
                        null,
                        null);
    }

    // --- recurrent layers --------------------------------------------------------------------------------------

    private static List<Tensor> lstm(int hidden, Tensor weightHh) {
        Tensor state = Torch.zeros(1, 2, hidden);
        List<Tensor> params =
                Arrays.asList(Torch.ones(4L * hidden, 3), weightHh, Torch.ones(4L * hidden), Torch.ones(4L * hidden));
        return Torch.ones(5, 2, 3).lstm(List.of(state, state), params, true, 1, 0, false, false, false);
    }

    @Test
    void recurrentParametersFitTogether() {
        refused("weight_hh_l0 has the shape [4, 4], but must have [16, 4]", () -> lstm(4, Torch.ones(4, 4)));
        Tensor state = Torch.zeros(1, 2, 4);
        refused(
                "weight_ih_l0 has the shape [12, 2], but must have [12, 3]",
                () -> Torch.ones(5, 2, 3)
                        .gru(state, List.of(Torch.ones(12, 2), Torch.ones(12, 4)), false, 1, 0, false, false, false),
                () -> Operator.find("aten::gru", "input")
                        .call(
                                Torch.ones(5, 2, 3),
                                state,
                                List.of(Torch.ones(12, 2), Torch.ones(12, 4)),
                                false,
                                1,
                                0.0,
                                false,
                                false,
                                false));
        refused("there are 1 parameters, but 1 layers in 1 directions need 2 each", () -> Torch.ones(5, 2, 3)
                .rnnTanh(state, List.of(Torch.ones(4, 3)), false, 1, 0, false, false, false));
        assertEquals(3, lstm(4, Torch.ones(16, 4)).size());
    }

    @Test
    void oneStepTakesParametersThatFitTogether() {
        Tensor x = Torch.ones(2, 3);
        Tensor h = Torch.ones(2, 4);
        refused(
                "weight_ih has the shape [1, 3], but must have [12, 3]",
                () -> x.gruCell(h, Torch.ones(1, 3), Torch.ones(12, 4), null, null),
                () -> operator("gru_cell", "", x, h, Torch.ones(1, 3), Torch.ones(12, 4), null, null));
        refused(
                "cx has the shape [4], but must have [2, 4]",
                () -> x.lstmCell(List.of(h, Torch.ones(4)), Torch.ones(16, 3), Torch.ones(16, 4), null, null));
        refused("a step needs an input and a state with 2 dimensions, not 4 and 4", () -> Torch.ones(1, 1, 1, 1)
                .rnnTanhCell(Torch.ones(1, 1, 1, 1), Torch.ones(1, 1), Torch.ones(1, 1), null, null));
        assertArrayEquals(
                new long[] {2, 4},
                x.gruCell(h, Torch.ones(12, 3), Torch.ones(12, 4), null, null).shape());
    }

    @Test
    void theBytesOfAQuantizedTensorAreNotViewed() {
        Tensor plain = Torch.ones(2);
        Tensor quantized = (Tensor) operator("quantize_per_tensor", "", plain, 0.1, 0, DType.QUINT8);
        refused(
                "the bytes of a quantized tensor cannot be viewed as another dtype, or others as quantized: use int_repr or"
                        + " dequantize",
                () -> quantized.view(DType.UINT8),
                () -> plain.view(DType.QINT32),
                () -> operator("view_copy", "dtype", quantized, DType.UINT2));
        assertArrayEquals(
                new int[] {1065353216, 1065353216}, plain.view(DType.INT32).toIntArray());
    }

    /**
     * Engine 2.10 wrote the input's gradient, which was not requested, to an invalid address. The values are PyTorch
     * 2.14's.
     */
    @Test
    void groupNormOfChannelsLastHasGradientsOfItsWeightAlone() {
        Tensor x = Torch.arange(16).to(DType.FLOAT32).view(2, 2, 2, 2).to(MemoryFormat.CHANNELS_LAST);
        for (boolean byName : new boolean[] {false, true}) {
            Tensor weight = Torch.ones(2).requiresGrad_();
            Tensor y = byName
                    ? (Tensor) operator("group_norm", "", x, 1, weight, null, 1e-5, true)
                    : x.groupNorm(1, weight, null, 1e-5);
            assertTrue(y.isContiguous(MemoryFormat.CHANNELS_LAST));
            y.sum().backward();
            assertArrayEquals(new float[] {-6.9829f, 6.9829f}, weight.grad().toFloatArray(), 1e-3f);
        }
        assertEquals(null, x.grad());
    }

    /** A sparse target crashes the engine: found by the generated calls. */
    @Test
    void copiesOfListsCannotBeCalledByName() {
        for (String name : List.of("aten::_foreach_copy", "aten::_foreach_copy_")) {
            TorchException e = assertThrows(TorchException.class, () -> Operator.find(name, ""));
            assertEquals(
                    "the operator " + name + " cannot be called by name: it does not check its arguments",
                    e.getMessage());
        }
    }

    /** The engine takes the sizes and strides of such tensors for what it needs: found by the generated calls. */
    @Test
    void resultsCannotBeGiven() {
        for (List<String> each : List.of(
                List.of("triu", "out"),
                List.of("replication_pad2d", "out"),
                List.of("max", "dim_max"),
                List.of("sort", "values"),
                List.of("linalg_ldl_solve", "out"))) {
            String name = "aten::" + each.get(0);
            TorchException e = assertThrows(TorchException.class, () -> Operator.find(name, each.get(1)));
            assertEquals(
                    "the operator " + name + "." + each.get(1)
                            + " cannot be called by name: it does not check the tensors that it"
                            + " writes to; use the operator that creates its results, and copy_ them",
                    e.getMessage());
        }
        // an operator that changes its first argument is not one of these
        assertEquals(3, ((Tensor) operator("add_", "Scalar", Torch.ones(1), 2, 1)).item());
    }

    @Test
    void pivotsAreRows() {
        Tensor x = Torch.randn(4, 4);
        Tensor symmetric = x.matmul(x.t());
        List<Object> factors = Operator.find("aten::linalg_ldl_factor", "").call(symmetric, false);
        Tensor b = Torch.randn(4, 2);
        Tensor solved = (Tensor) operator("linalg_ldl_solve", "", factors.get(0), factors.get(1), b, false);
        assertTrue(Torch.allclose(symmetric.matmul(solved), b, 1e-2, 1e-2));
        for (int pivot : new int[] {1_000_000_000, -1_000_000_000, 0, 5}) {
            Tensor pivots = ((Tensor) factors.get(1)).clone().fill_(pivot);
            String message = "pivots must be rows of the matrix, within [1, 4], but have an element that is not";
            refused(
                    message,
                    () -> operator("linalg_ldl_solve", "", factors.get(0), pivots, b, false),
                    () -> operator("linalg_lu_solve", "", factors.get(0), pivots, b, true, false),
                    () -> operator("lu_unpack", "", factors.get(0), pivots, true, true));
        }
    }

    @Test
    void segmentsAreChecked() {
        Tensor data = Torch.arange(4).to(DType.FLOAT32);
        Tensor lengths = Torch.tensor(new long[] {1_000_000_000L});
        Tensor offsets = Torch.tensor(new long[] {0, 1_000_000_000L});
        refused(
                "unsafe is true, but jtorch always checks lengths and offsets: pass false",
                () -> operator("segment_reduce", "", data, "sum", lengths, null, null, 0L, true, null),
                () -> operator("segment_reduce", "", data, "sum", null, null, offsets, 0L, true, null));
        Tensor sums = (Tensor) operator(
                "segment_reduce", "", data, "sum", Torch.tensor(new long[] {1, 3}), null, null, 0L, false, null);
        assertArrayEquals(new float[] {0, 6}, sums.toFloatArray());
    }

    @Test
    void theLeastIntegerHasNoDivisor() {
        Tensor minusOne = Torch.tensor(new long[] {-1, -1});
        for (Executable call : List.<Executable>of(
                () -> LEAST.gcd(minusOne),
                () -> minusOne.lcm(LEAST),
                () -> LEAST.clone().lcm_(minusOne),
                () -> operator("gcd", "", minusOne, LEAST),
                () -> operator("lcm_", "", LEAST.clone(), minusOne))) {
            assertEquals(
                    "the absolute value of -9223372036854775808 does not fit into int64",
                    assertThrows(ArithmeticException.class, call).getMessage());
        }
        assertEquals(
                "the absolute value of -2147483648 does not fit into int32",
                assertThrows(ArithmeticException.class, () -> LEAST_INT.gcd(LEAST_INT))
                        .getMessage());
        assertArrayEquals(
                new long[] {12},
                Torch.tensor(new long[] {-4}).lcm(Torch.tensor(new long[] {6})).toLongArray());
    }

    @Test
    void opaqueTensors() {
        Tensor nested = (Tensor) org.jtorch.internal.TrustedOperators.find("aten::_nested_tensor_from_tensor_list", "")
                .call(List.of(Torch.ones(8), Torch.zeros(3)), null, null, null, null)
                .get(0);
        refused(
                "select on a nested tensor needs dimension 0, not -1: unbind it first",
                () -> nested.select(-1, 0),
                () -> operator("select", "int", nested, -1, 0));
        assertEquals(8, nested.select(0, 0).sum().item());
        for (String name : List.of("zeros_like", "empty_like")) {
            TorchException e = assertThrows(
                    TorchException.class,
                    () -> operator(name, "", Torch.ones(3), null, Layout.MKLDNN, null, null, null));
            assertTrue(e.getMessage().startsWith("tensors of oneDNN's layout are not supported"), e.getMessage());
        }
    }

    @Test
    void sharedHeadsAreThere() {
        Tensor query = Torch.ones(1, 2, 3, 4);
        for (Tensor none : List.of(Torch.ones(1, 0, 3, 4), Torch.ones(3, 4))) {
            refused(
                    "with enable_gqa, keys and values must have a dimension -3 of at least one head",
                    () -> query.scaledDotProductAttention(none, none, null, 0, false, null, true),
                    () -> operator("scaled_dot_product_attention", "", query, none, none, null, 0.0, false, null, true),
                    () -> operator(
                            "_scaled_dot_product_attention_math",
                            "",
                            query,
                            none,
                            none,
                            null,
                            0.0,
                            false,
                            null,
                            null,
                            true));
        }
        Tensor one = Torch.ones(1, 1, 3, 4);
        assertEquals(
                24,
                query.scaledDotProductAttention(one, one, null, 0, false, null, true)
                        .sum()
                        .item());
    }
}
