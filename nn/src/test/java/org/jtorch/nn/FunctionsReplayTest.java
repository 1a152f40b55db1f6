package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.ValuesIndices;
import org.jtorch.nn.functional.AttentionOutput;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.PaddingMode;
import org.jtorch.nn.functional.Reduction;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Compares functions of {@link F} in their short forms, and their errors, with PyTorch's results and messages. */
class FunctionsReplayTest {

    private static final long[] TWO = {2};
    private static final long[] ZERO = {0};
    private static final long[] TWO_BY_TWO = {2, 2};

    /** The Java form of each recorded expression: a tensor, or a pair of tensors. */
    private static final Map<String, Supplier<Object>> VALUES = new LinkedHashMap<>();

    private static final Map<String, Supplier<Object>> ERRORS = new LinkedHashMap<>();

    static {
        convolutionsAndPools();
        dropoutsAndActivations();
        shapes();
        losses();
        poolErrors();
        layerErrors();
        lossErrors();
        shapeErrors();
    }

    private static void convolutionsAndPools() {
        value("F.conv_tbc(x(5, 2, 3), x(2, 3, 4), x(4))", () -> F.convTbc(x(5, 2, 3), x(2, 3, 4), x(4)));
        value("F.conv_tbc(x(5, 2, 3), x(2, 3, 4), x(4), 1)", () -> F.convTbc(x(5, 2, 3), x(2, 3, 4), x(4), 1));
        value("F.conv1d(x(2, 3, 5), x(4, 3, 2))", () -> F.conv1d(x(2, 3, 5), x(4, 3, 2)));
        value("F.conv2d(x(1, 2, 3, 4), x(3, 2, 2, 2))", () -> F.conv2d(x(1, 2, 3, 4), x(3, 2, 2, 2)));
        value("F.conv3d(x(1, 1, 3, 2, 4), x(2, 1, 2, 2, 2))", () -> F.conv3d(x(1, 1, 3, 2, 4), x(2, 1, 2, 2, 2)));
        value("F.conv_transpose1d(x(2, 3, 3), x(3, 4, 2))", () -> F.convTranspose1d(x(2, 3, 3), x(3, 4, 2)));
        value(
                "F.conv_transpose2d(x(1, 2, 2, 2), x(2, 3, 2, 2))",
                () -> F.convTranspose2d(x(1, 2, 2, 2), x(2, 3, 2, 2)));
        value(
                "F.conv_transpose3d(x(1, 1, 2, 2, 2), x(1, 2, 2, 2, 2))",
                () -> F.convTranspose3d(x(1, 1, 2, 2, 2), x(1, 2, 2, 2, 2)));
        value("F.max_pool1d_with_indices(x(1, 2, 6), 2)", () -> F.maxPool1dWithIndices(x(1, 2, 6), 2));
        value("F.max_pool2d_with_indices(x(1, 2, 4, 4), 2)", () -> F.maxPool2dWithIndices(x(1, 2, 4, 4), 2));
        value("F.max_pool3d_with_indices(x(1, 1, 4, 2, 4), 2)", () -> F.maxPool3dWithIndices(x(1, 1, 4, 2, 4), 2));
        value("F.max_unpool1d(*F.max_pool1d_with_indices(x(1, 2, 6), 2), 2)", () -> {
            ValuesIndices pooled = F.maxPool1dWithIndices(x(1, 2, 6), 2);
            return F.maxUnpool1d(pooled.values(), pooled.indices(), 2);
        });
        value("F.max_unpool2d(*F.max_pool2d_with_indices(x(1, 2, 4, 4), 2), 2)", () -> {
            ValuesIndices pooled = F.maxPool2dWithIndices(x(1, 2, 4, 4), 2);
            return F.maxUnpool2d(pooled.values(), pooled.indices(), 2);
        });
        value("F.max_unpool3d(*F.max_pool3d_with_indices(x(1, 1, 4, 2, 4), 2), 2)", () -> {
            ValuesIndices pooled = F.maxPool3dWithIndices(x(1, 1, 4, 2, 4), 2);
            return F.maxUnpool3d(pooled.values(), pooled.indices(), 2);
        });
        value("F.lp_pool1d(x(1, 2, 6).abs(), 3, 2)", () -> F.lpPool1d(x(1, 2, 6).abs(), 3, 2));
        value(
                "F.lp_pool2d(x(1, 2, 4, 4).abs(), 1.5, 2)",
                () -> F.lpPool2d(x(1, 2, 4, 4).abs(), 1.5, 2));
        value(
                "F.lp_pool3d(x(1, 1, 4, 2, 4).abs(), 2, 2)",
                () -> F.lpPool3d(x(1, 1, 4, 2, 4).abs(), 2, 2));
        long[] size2 = {3, 4};
        double[] half2 = {0.5, 0.5};
        value(
                "F.fractional_max_pool2d(x(1, 2, 6, 6), 2, output_size=(3, 4))",
                () -> F.fractionalMaxPool2d(x(1, 2, 6, 6), TWO, size2));
        value(
                "F.fractional_max_pool2d(x(1, 2, 6, 6), 2, output_ratio=(0.5, 0.5))",
                () -> F.fractionalMaxPool2d(x(1, 2, 6, 6), TWO, half2));
        value(
                "F.fractional_max_pool2d_with_indices(x(1, 2, 6, 6), 2, output_size=(3, 4))",
                () -> F.fractionalMaxPool2dWithIndices(x(1, 2, 6, 6), TWO, size2));
        value(
                "F.fractional_max_pool2d_with_indices(x(1, 2, 6, 6), 2, output_ratio=(0.5, 0.5))",
                () -> F.fractionalMaxPool2dWithIndices(x(1, 2, 6, 6), TWO, half2));
        long[] size3 = {2, 2, 3};
        double[] half3 = {0.5, 0.5, 0.5};
        value(
                "F.fractional_max_pool3d(x(1, 1, 4, 4, 5), 2, output_size=(2, 2, 3))",
                () -> F.fractionalMaxPool3d(x(1, 1, 4, 4, 5), TWO, size3));
        value(
                "F.fractional_max_pool3d(x(1, 1, 4, 4, 5), 2, output_ratio=(0.5, 0.5, 0.5))",
                () -> F.fractionalMaxPool3d(x(1, 1, 4, 4, 5), TWO, half3));
        value(
                "F.fractional_max_pool3d_with_indices(x(1, 1, 4, 4, 5), 2, output_size=(2, 2, 3))",
                () -> F.fractionalMaxPool3dWithIndices(x(1, 1, 4, 4, 5), TWO, size3));
        value(
                "F.fractional_max_pool3d_with_indices(x(1, 1, 4, 4, 5), 2, output_ratio=(0.5, 0.5, 0.5))",
                () -> F.fractionalMaxPool3dWithIndices(x(1, 1, 4, 4, 5), TWO, half3));
    }

    private static void dropoutsAndActivations() {
        value("F.dropout(x(3, 4))", () -> F.dropout(x(3, 4)));
        value("F.dropout1d(x(4, 2))", () -> F.dropout1d(x(4, 2)));
        value("F.dropout1d(x(2, 4, 2), 0.3)", () -> F.dropout1d(x(2, 4, 2), 0.3, true));
        value("F.dropout2d(x(2, 4, 2, 1))", () -> F.dropout2d(x(2, 4, 2, 1)));
        value("F.dropout2d(x(2, 4, 2, 1), 0.3)", () -> F.dropout2d(x(2, 4, 2, 1), 0.3, true));
        value("F.dropout3d(x(4, 2, 1, 1))", () -> F.dropout3d(x(4, 2, 1, 1)));
        value("F.dropout3d(x(4, 2, 1, 1), 0.3)", () -> F.dropout3d(x(4, 2, 1, 1), 0.3, true));
        value("F.alpha_dropout(x(5))", () -> F.alphaDropout(x(5)));
        value("F.alpha_dropout(x(5), 0.4, True)", () -> F.alphaDropout(x(5), 0.4, true));
        value("F.feature_alpha_dropout(x(5))", () -> F.featureAlphaDropout(x(5)));
        value("F.feature_alpha_dropout(x(2, 3, 2), 0.4, True)", () -> F.featureAlphaDropout(x(2, 3, 2), 0.4, true));
        value("F.bilinear(x(3, 2), x(3, 4), x(2, 2, 4))", () -> F.bilinear(x(3, 2), x(3, 4), x(2, 2, 4)));
        value("F.elu(x(11), 0.5)", () -> F.elu(x(11), 0.5));
        value("F.celu(x(11), 0.5)", () -> F.celu(x(11), 0.5));
        value("F.leaky_relu(x(11), 0.2)", () -> F.leakyRelu(x(11), 0.2));
        value("F.hardtanh(x(11), -0.5, 0.75)", () -> F.hardtanh(x(11), -0.5, 0.75));
        value("F.elu_(x(11))", () -> F.elu_(x(11)));
        value("F.celu_(x(11))", () -> F.celu_(x(11)));
        value("F.leaky_relu_(x(11))", () -> F.leakyRelu_(x(11)));
        value("F.hardtanh_(x(11))", () -> F.hardtanh_(x(11)));
        value("F.rrelu_(x(11))", () -> F.rrelu_(x(11)));
        value("F.softmax(x(4))", () -> F.softmax(x(4)));
        value("F.softmax(x(2, 3))", () -> F.softmax(x(2, 3)));
        value("F.softmax(x(2, 3, 2))", () -> F.softmax(x(2, 3, 2)));
        value("F.log_softmax(x(1, 2, 2, 2))", () -> F.logSoftmax(x(1, 2, 2, 2)));
        value("F.softmin(x(2, 3))", () -> F.softmin(x(2, 3)));
        value("F.gumbel_softmax(x(3, 4))", () -> F.gumbelSoftmax(x(3, 4)));
        value("F.gumbel_softmax(x(3, 4).t(), 0.5)", () -> F.gumbelSoftmax(x(3, 4).t(), 0.5, false, -1));
        value("F.gumbel_softmax(x(3, 4), hard=True, dim=0)", () -> F.gumbelSoftmax(x(3, 4), 1, true, 0));
    }

    private static void shapes() {
        value(
                "F.embedding_bag(i([0, 1], [2, 0]), x(3, 2))",
                () -> F.embeddingBag(i(new long[] {2, 2}, 0, 1, 2, 0), x(3, 2)));
        value("F.fold(x(1, 8, 4), (3, 3), 2)", () -> F.fold(x(1, 8, 4), new long[] {3, 3}, 2));
        value("F.one_hot(i(0, 2, 1))", () -> F.oneHot(i(0, 2, 1)));
        value("F.pdist(x(4, 3))", () -> F.pdist(x(4, 3)));
        value("F.interpolate(x(1, 2, 3), 5)", () -> F.interpolate(x(1, 2, 3), new long[] {5}));
        value("F.interpolate(x(1, 2, 3), scale_factor=2.5)", () -> F.interpolate(x(1, 2, 3), new double[] {2.5}));
        value(
                "F.pad(x(2, 3), (1, 2), 'constant', 2.0)",
                () -> F.pad(x(2, 3), new long[] {1, 2}, PaddingMode.ZEROS, 2.0));
    }

    private static void losses() {
        value("F.soft_margin_loss(x(4), i(1, -1, 1, -1).double())", () -> F.softMarginLoss(x(4), d(1, -1, 1, -1)));
        value(
                "F.hinge_embedding_loss(x(4), i(1, -1, 1, -1).double())",
                () -> F.hingeEmbeddingLoss(x(4), d(1, -1, 1, -1)));
        value(
                "F.multilabel_margin_loss(x(2, 4), i([3, 0, -1, 1], [1, -1, 0, 0]))",
                () -> F.multilabelMarginLoss(x(2, 4), i(new long[] {2, 4}, 3, 0, -1, 1, 1, -1, 0, 0)));
        value(
                "F.multilabel_soft_margin_loss(x(2, 3), i([1, 0, 1], [0, 0, 1]).double())",
                () -> F.multilabelSoftMarginLoss(x(2, 3), d(1, 0, 1, 0, 0, 1).reshape(2, 3)));
        value("F.multi_margin_loss(x(2, 3), i(0, 2))", () -> F.multiMarginLoss(x(2, 3), i(0, 2)));
        value(
                "F.cosine_embedding_loss(x(2, 3), x(6).flip(0).reshape(2, 3), i(1, -1).double())",
                () -> F.cosineEmbeddingLoss(x(2, 3), flipped(), d(1, -1)));
        value(
                "F.margin_ranking_loss(x(3), x(3).flip(0), i(1, -1, 1).double())",
                () -> F.marginRankingLoss(x(3), x(3).flip(0), d(1, -1, 1)));
        value(
                "F.triplet_margin_loss(x(2, 3), x(6).flip(0).reshape(2, 3), x(3, 3)[1:])",
                () -> F.tripletMarginLoss(x(2, 3), flipped(), x(3, 3).narrow(0, 1, 2)));
        value(
                "F.triplet_margin_with_distance_loss(x(2, 3), x(6).flip(0).reshape(2, 3), x(3, 3)[1:])",
                () -> F.tripletMarginWithDistanceLoss(x(2, 3), flipped(), x(3, 3).narrow(0, 1, 2)));
        value(
                "F.ctc_loss(x(5, 2, 3).log_softmax(2), i([1, 2], [2, 1]), i(5, 4), i(2, 1))",
                () -> F.ctcLoss(x(5, 2, 3).logSoftmax(2), i(TWO_BY_TWO, 1, 2, 2, 1), i(5, 4), i(2, 1)));
        value("F.gaussian_nll_loss(x(2, 3), x(2, 3) + 1, 0.5)", () -> F.gaussianNllLoss(x(2, 3), x(2, 3).add(1), 0.5));
        value(
                "F.gaussian_nll_loss(x(2, 3), x(2, 3) + 1, 1e-9, True, 0.25, 'none')",
                () -> F.gaussianNllLoss(x(2, 3), x(2, 3).add(1), 1e-9, true, 0.25, Reduction.NONE));
        value(
                "F.multi_head_attention_forward(x(3, 1, 4), x(2, 1, 4), x(2, 1, 4), 4, 2, x(12, 4), x(12), None, None, False, 0.0, x(4, 4), x(4))",
                () -> {
                    AttentionOutput out = F.multiHeadAttentionForward(
                            x(3, 1, 4),
                            x(2, 1, 4),
                            x(2, 1, 4),
                            4,
                            2,
                            x(12, 4),
                            x(12),
                            null,
                            null,
                            false,
                            0.0,
                            x(4, 4),
                            x(4));
                    return new ValuesIndices(out.attnOutput(), Objects.requireNonNull(out.attnOutputWeights()));
                });
    }

    private static void poolErrors() {
        error(
                "F.fractional_max_pool2d(x(1, 1, 4, 4), 2)",
                () -> F.fractionalMaxPool2d(x(1, 1, 4, 4), TWO, null, null, null));
        error(
                "F.fractional_max_pool3d(x(1, 1, 4, 4, 4), 2)",
                () -> F.fractionalMaxPool3d(x(1, 1, 4, 4, 4), TWO, null, null, null));
        unpoolError("output_size=(4, 4, 4)", ZERO, 4, 4, 4);
        unpoolError("output_size=[4, 6]", ZERO, 4, 6);
        error(
                "F.max_unpool2d(x(1, 1, 2, 2), torch.zeros(1, 1, 2, 2).long(), 2, padding=3)",
                () -> F.maxUnpool2d(x(1, 1, 2, 2), noIndices(), TWO, null, new long[] {3}, null));
        error("F.lp_pool1d(x(1, 1, 4), 0, 2)", () -> F.lpPool1d(x(1, 1, 4), 0, 2));
        error("F.lp_pool2d(x(1, 1, 4, 4), 0.0, 2)", () -> F.lpPool2d(x(1, 1, 4, 4), 0, 2));
        error("F.lp_pool3d(x(1, 1, 4, 4, 4), 0.0, 2)", () -> F.lpPool3d(x(1, 1, 4, 4, 4), 0, 2));
    }

    private static void unpoolError(String size, long[] padding, long... outputSize) {
        error(
                "F.max_unpool2d(x(1, 1, 2, 2), torch.zeros(1, 1, 2, 2).long(), 2, " + size + ")",
                () -> F.maxUnpool2d(x(1, 1, 2, 2), noIndices(), TWO, null, padding, outputSize));
    }

    private static void layerErrors() {
        error("F.dropout(x(3), 1.5)", () -> F.dropout(x(3), 1.5));
        error("F.alpha_dropout(x(3), -0.1)", () -> F.alphaDropout(x(3), -0.1, false));
        error("F.feature_alpha_dropout(x(3), 2.0)", () -> F.featureAlphaDropout(x(3), 2.0, false));
        error("F.dropout1d(x(3))", () -> F.dropout1d(x(3)));
        error("F.dropout2d(x(1, 2, 2, 2), 1.5)", () -> F.dropout2d(x(1, 2, 2, 2), 1.5, true));
        error("F.dropout3d(x(1, 2, 2, 2, 2), -1.0)", () -> F.dropout3d(x(1, 2, 2, 2, 2), -1.0, true));
        error("F.glu(torch.tensor(1.0))", () -> F.glu(Torch.tensor(1.0)));
        error("F.glu(x(3))", () -> F.glu(x(3)));
        error("F.hardtanh(x(3), 1.0, -1.0)", () -> F.hardtanh(x(3), 1.0, -1.0));
        error("F.embedding(i(0), x(2, 3), padding_idx=2)", () -> F.embedding(i(0), x(2, 3), 2L, null, 2, false, false));
        Tensor pair = i(new long[] {1, 2}, 0, 1);
        error(
                "F.embedding_bag(i([0, 1]), x(2, 3), per_sample_weights=x(2, 2))",
                () -> bag(pair, false, "mean", false, x(2, 2)));
        error("F.embedding_bag(i(0, 1), x(2, 3, 1), i(0))", () -> F.embeddingBag(i(0, 1), x(2, 3, 1), i(0)));
        error("F.embedding_bag(i([0, 1]), x(2, 3), i(0))", () -> F.embeddingBag(pair, x(2, 3), i(0)));
        error("F.embedding_bag(i(0, 1), x(2, 3))", () -> F.embeddingBag(i(0, 1), x(2, 3)));
        error(
                "F.embedding_bag(i(0, 1), x(2, 3), i([0]))",
                () -> F.embeddingBag(i(0, 1), x(2, 3), i(new long[] {1, 1}, 0)));
        error("F.embedding_bag(i([[0, 1]]), x(2, 3))", () -> F.embeddingBag(pair.unsqueeze(0), x(2, 3)));
        error("F.embedding_bag(i([0, 1]), x(2, 3), mode='min')", () -> bag(pair, false, "min", false, null));
        error(
                "F.embedding_bag(i([0, 1]), x(2, 3), mode='max', scale_grad_by_freq=True)",
                () -> bag(pair, true, "max", false, null));
        error(
                "F.embedding_bag(i([0, 1]), x(2, 3), mode='max', sparse=True)",
                () -> bag(pair, false, "max", true, null));
        error(
                "F.embedding_bag(i([0, 1]), x(2, 3), per_sample_weights=x(1, 2))",
                () -> bag(pair, false, "mean", false, x(1, 2)));
        error(
                "F.batch_norm(x(1, 3), None, None, training=True)",
                () -> F.batchNorm(x(1, 3), null, null, null, null, true, 0.1, 1e-5));
        error(
                "F.batch_norm(x(2, 3), x(3), x(3), eps=-1.0)",
                () -> F.batchNorm(x(2, 3), x(3), x(3), null, null, false, 0.1, -1));
        error(
                "F.batch_norm(x(2, 3), None, None, training=True, eps=0.0)",
                () -> F.batchNorm(x(2, 3), null, null, null, null, true, 0.1, 0));
        error("F.instance_norm(x(2, 3, 1))", () -> F.instanceNorm(x(2, 3, 1)));
        error("F.group_norm(x(3), 1)", () -> F.groupNorm(x(3), 1));
        error("F.group_norm(x(1, 2), 2)", () -> F.groupNorm(x(1, 2), 2));
        error("F.group_norm(x(1, 3), 2)", () -> F.groupNorm(x(1, 3), 2));
        error("F.local_response_norm(x(2, 3), 2)", () -> F.localResponseNorm(x(2, 3), 2));
        error("F.layer_norm(x(2, 3), [2])", () -> F.layerNorm(x(2, 3), 2));
    }

    private static Tensor bag(
            Tensor input, boolean scaleGradByFreq, String mode, boolean sparse, @Nullable Tensor perSampleWeights) {
        return F.embeddingBag(
                input, x(2, 3), null, null, 2, scaleGradByFreq, mode, sparse, perSampleWeights, false, null);
    }

    private static void lossErrors() {
        error("F.gaussian_nll_loss(x(2), x(2), i(1.0, -1.0))", () -> F.gaussianNllLoss(x(2), x(2), d(1, -1)));
        error("F.gaussian_nll_loss(x(2), x(2), -0.5)", () -> F.gaussianNllLoss(x(2), x(2), -0.5));
        error(
                "F.gaussian_nll_loss(x(2, 3), x(2, 3), torch.ones(3, 3))",
                () -> F.gaussianNllLoss(x(2, 3), x(2, 3), Torch.ones(3, 3)));
        error("F.binary_cross_entropy(x(2), x(3))", () -> F.binaryCrossEntropy(x(2), x(3)));
        error("F.binary_cross_entropy_with_logits(x(2), x(3))", () -> F.binaryCrossEntropyWithLogits(x(2), x(3)));
        error("F.mse_loss(x(2), x(2), weight=x(3))", () -> F.mseLoss(x(2), x(2), Reduction.MEAN, x(3)));
        error("F.l1_loss(x(2), x(2), weight=x(3))", () -> F.l1Loss(x(2), x(2), Reduction.MEAN, x(3)));
        error("F.huber_loss(x(2), x(2), weight=x(3))", () -> F.huberLoss(x(2), x(2), Reduction.MEAN, 1, x(3)));
        error("F.huber_loss(x(2), x(2), delta=0.0)", () -> F.huberLoss(x(2), x(2), Reduction.MEAN, 0, null));
        error("F.smooth_l1_loss(x(2), x(2), beta=-1.0)", () -> F.smoothL1Loss(x(2), x(2), Reduction.MEAN, -1));
        error("F.margin_ranking_loss(x(2), x(2), x(2, 1))", () -> F.marginRankingLoss(x(2), x(2), x(2, 1)));
        error(
                "F.multi_margin_loss(x(2, 3), i(0, 1), p=3)",
                () -> F.multiMarginLoss(x(2, 3), i(0, 1), 3, 1, null, Reduction.MEAN));
        error(
                "F.multi_margin_loss(x(2, 3), i(0, 1), weight=x(1, 3))",
                () -> F.multiMarginLoss(x(2, 3), i(0, 1), 1, 1, x(1, 3), Reduction.MEAN));
        error(
                "F.triplet_margin_loss(x(2, 3), x(2, 3), x(2, 3), margin=0.0)",
                () -> F.tripletMarginLoss(x(2, 3), x(2, 3), x(2, 3), 0, 2, 1e-6, false, Reduction.MEAN));
        error(
                "F.triplet_margin_with_distance_loss(x(2, 3), x(2, 3), x(2, 3), margin=-1.0)",
                () -> F.tripletMarginWithDistanceLoss(x(2, 3), x(2, 3), x(2, 3), null, -1, false, Reduction.MEAN));
        error(
                "F.triplet_margin_with_distance_loss(x(2, 3), x(3), x(2, 3))",
                () -> F.tripletMarginWithDistanceLoss(x(2, 3), x(3), x(2, 3)));
        error("F.nll_loss(x(2, 3), i(0))", () -> F.nllLoss(x(2, 3), i(0)));
        error("F.nll_loss(x(2, 3), i(0, 3))", () -> F.nllLoss(x(2, 3), i(0, 3)));
        error(
                "F.cross_entropy(x(2, 3), i(0, 1), weight=x(2))",
                () -> F.crossEntropy(x(2, 3), i(0, 1), x(2), -100, Reduction.MEAN, 0));
        error(
                "F.cross_entropy(x(2, 3), i(0, 1), label_smoothing=1.5)",
                () -> F.crossEntropy(x(2, 3), i(0, 1), null, -100, Reduction.MEAN, 1.5));
    }

    private static void shapeErrors() {
        Tensor line = x(1, 1, 4);
        Tensor image = x(1, 1, 4, 4);
        error("F.interpolate(x(1, 1, 4))", () -> F.interpolate(line, null, null, "nearest", null, null, false));
        error(
                "F.interpolate(x(1, 1, 4), 2, 2.0)",
                () -> F.interpolate(line, TWO, new double[] {2}, "nearest", null, null, false));
        error("F.interpolate(x(1, 1, 4), (2, 2))", () -> F.interpolate(line, TWO_BY_TWO));
        error(
                "F.interpolate(x(1, 1, 4, 4), scale_factor=(2.0, 2.0, 2.0))",
                () -> F.interpolate(image, new double[] {2, 2, 2}));
        error(
                "F.interpolate(x(1, 1, 4), 2, mode='nearest', align_corners=True)",
                () -> F.interpolate(line, TWO, null, "nearest", true, null, false));
        error(
                "F.interpolate(x(1, 1, 4), 2, recompute_scale_factor=True)",
                () -> F.interpolate(line, TWO, null, "nearest", null, true, false));
        error("F.interpolate(x(1, 1, 4), 2, mode='bilinear')", () -> F.interpolate(line, TWO, "bilinear"));
        error("F.interpolate(x(1, 1, 4, 4), 2, mode='linear')", () -> F.interpolate(image, TWO, "linear"));
        error(
                "F.interpolate(x(1, 1, 4, 4, 4), 2, mode='bilinear')",
                () -> F.interpolate(x(1, 1, 4, 4, 4), TWO, "bilinear"));
        error(
                "F.grid_sample(x(1, 1, 4, 4), x(1, 2, 2, 2), mode='linear')",
                () -> F.gridSample(image, x(1, 2, 2, 2), "linear", "zeros", false));
        error(
                "F.grid_sample(x(1, 1, 4, 4), x(1, 2, 2, 2), padding_mode='zero')",
                () -> F.gridSample(image, x(1, 2, 2, 2), "bilinear", "zero", false));
        error(
                "F.affine_grid(torch.ones(1, 2, 3).long(), [1, 1, 2, 2])",
                () -> F.affineGrid(Torch.ones(1, 2, 3).to(DType.INT64), 1, 1, 2, 2));
        error("F.affine_grid(x(1, 2, 3), [1, 1, 2])", () -> F.affineGrid(x(1, 2, 3), 1, 1, 2));
        error("F.affine_grid(x(1, 3, 4), [1, 1, 2, 2])", () -> F.affineGrid(x(1, 3, 4), 1, 1, 2, 2));
        error("F.affine_grid(x(1, 2, 3), [1, 1, 2, 2, 2])", () -> F.affineGrid(x(1, 2, 3), 1, 1, 2, 2, 2));
        error("F.affine_grid(x(1, 2, 3), [1, 1, 0, 2])", () -> F.affineGrid(x(1, 2, 3), 1, 1, 0, 2));
        error("F.one_hot(i(-1))", () -> F.oneHot(i(-1)));
        error("F.one_hot(i(3), 2)", () -> F.oneHot(i(3), 2));
        error("F.pixel_shuffle(x(1, 3, 2, 2), 2)", () -> F.pixelShuffle(x(1, 3, 2, 2), 2));
        error("F.pixel_unshuffle(x(1, 1, 3, 2), 2)", () -> F.pixelUnshuffle(x(1, 1, 3, 2), 2));
        error("F.channel_shuffle(x(1, 3, 2, 2), 2)", () -> F.channelShuffle(x(1, 3, 2, 2), 2));
        error("F.conv_tbc(x(5, 2), x(2, 3, 4), x(4))", () -> F.convTbc(x(5, 2), x(2, 3, 4), x(4)));
        error("F.conv_tbc(x(5, 2, 3), x(2, 2, 4), x(4))", () -> F.convTbc(x(5, 2, 3), x(2, 2, 4), x(4)));
        error("F.conv_tbc(x(5, 2, 3), x(2, 3, 4), x(3))", () -> F.convTbc(x(5, 2, 3), x(2, 3, 4), x(3)));
        error("F.prelu(x(2, 3), x(2))", () -> F.prelu(x(2, 3), x(2)));
        error("F.pad(x(2, 3), (1,))", () -> F.pad(x(2, 3), 1));
        error("F.pad(x(3), (1, 1), 'reflect')", () -> F.pad(x(3), new long[] {1, 1}, PaddingMode.REFLECT));
        error("F.pad(x(1, 1, 3), (3, 1), 'reflect')", () -> F.pad(x(1, 1, 3), new long[] {3, 1}, PaddingMode.REFLECT));
        error(
                "F.pad(x(1, 1, 3), (4, 1), 'circular')",
                () -> F.pad(x(1, 1, 3), new long[] {4, 1}, PaddingMode.CIRCULAR));
        error(
                "F.pad(x(1, 1, 3), (1, 1), 'reflect', 2.0)",
                () -> F.pad(x(1, 1, 3), new long[] {1, 1}, PaddingMode.REFLECT, 2.0));
    }

    private static void value(String expression, Supplier<Object> call) {
        VALUES.put(expression, call);
    }

    private static void error(String expression, Supplier<Object> call) {
        ERRORS.put(expression, call);
    }

    // --- arguments, as the script makes them ---------------------------------------------------------------------

    private static Tensor x(long... shape) {
        long count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        double[] numbers = new double[Math.toIntExact(count)];
        Arrays.setAll(numbers, n -> (n * 37 % 11 - 5) / 4.0);
        return Torch.tensor(numbers, shape);
    }

    private static Tensor i(long... values) {
        return Torch.tensor(values);
    }

    private static Tensor i(long[] shape, long... values) {
        return Torch.tensor(values, shape);
    }

    private static Tensor d(double... values) {
        return Torch.tensor(values);
    }

    private static Tensor flipped() {
        return x(6).flip(0).reshape(2, 3);
    }

    private static Tensor noIndices() {
        return Torch.zeros(1, 1, 2, 2).to(DType.INT64);
    }

    // --- the replay ------------------------------------------------------------------------------------------------

    @Test
    void everyRecordedExpressionIsTried() {
        assertEquals(Recording.read("functions.txt").keySet(), VALUES.keySet());
        assertEquals(Recording.read("function_errors.txt").keySet(), ERRORS.keySet());
    }

    @TestFactory
    Stream<DynamicTest> valuesArePyTorchs() {
        return Recording.read("functions.txt").entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> {
                    try (TensorScope scope = new TensorScope()) {
                        Torch.manualSeed(7);
                        Object result = call(VALUES, e.getKey()).get();
                        List<String> expected = e.getValue().lines().toList();
                        List<Tensor> tensors = result instanceof ValuesIndices pair
                                ? List.of(pair.values(), pair.indices())
                                : List.of((Tensor) result);
                        assertEquals(expected.size(), tensors.size());
                        for (int n = 0; n < expected.size(); n++) {
                            Recording.assertClose(expected.get(n), tensors.get(n));
                        }
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> messagesHavePyTorchsWords() {
        return Recording.read("function_errors.txt").entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> {
                    RuntimeException error = assertThrows(RuntimeException.class, () -> call(ERRORS, e.getKey())
                            .get());
                    String words = words(e.getValue());
                    assertTrue(words(error.getMessage()).contains(words), error.getMessage() + "\nlacks\n" + words);
                }));
    }

    private static Supplier<Object> call(Map<String, Supplier<Object>> calls, String expression) {
        return Objects.requireNonNull(calls.get(expression), expression);
    }

    /** Returns the message without parts that only Python has: its types, its bug tracker, its indentation. */
    private static String words(String message) {
        return message.replaceAll("of type <class.*", "")
                .replace(" Please open a feature request on GitHub.", "")
                .replaceAll("\\s+", " ")
                .replaceFirst("\\.? ?$", "");
    }
}
