package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.activation.CELU;
import org.jtorch.nn.activation.ELU;
import org.jtorch.nn.activation.GELU;
import org.jtorch.nn.activation.Hardshrink;
import org.jtorch.nn.activation.Hardsigmoid;
import org.jtorch.nn.activation.Hardswish;
import org.jtorch.nn.activation.Hardtanh;
import org.jtorch.nn.activation.LeakyReLU;
import org.jtorch.nn.activation.Mish;
import org.jtorch.nn.activation.PReLU;
import org.jtorch.nn.activation.RReLU;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.activation.ReLU6;
import org.jtorch.nn.activation.SELU;
import org.jtorch.nn.activation.SiLU;
import org.jtorch.nn.activation.Softplus;
import org.jtorch.nn.activation.Softshrink;
import org.jtorch.nn.activation.Threshold;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.conv.ConvTranspose2d;
import org.jtorch.nn.distance.PairwiseDistance;
import org.jtorch.nn.dropout.AlphaDropout;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.dropout.Dropout2d;
import org.jtorch.nn.dropout.FeatureAlphaDropout;
import org.jtorch.nn.flatten.Flatten;
import org.jtorch.nn.functional.PaddingMode;
import org.jtorch.nn.functional.Reduction;
import org.jtorch.nn.loss.CrossEntropyLoss;
import org.jtorch.nn.loss.MSELoss;
import org.jtorch.nn.loss.MultiMarginLoss;
import org.jtorch.nn.loss.TripletMarginLoss;
import org.jtorch.nn.norm.BatchNorm1d;
import org.jtorch.nn.pooling.AdaptiveAvgPool2d;
import org.jtorch.nn.pooling.AvgPool1d;
import org.jtorch.nn.pooling.LPPool2d;
import org.jtorch.nn.pooling.MaxPool2d;
import org.jtorch.nn.rnn.GRU;
import org.jtorch.nn.rnn.LSTM;
import org.jtorch.nn.sparse.Embedding;
import org.jtorch.nn.sparse.EmbeddingBag;
import org.junit.jupiter.api.Test;

/** The arguments of a layer can be read and set. Setting is checked like construction, and affects the next call. */
class LayerAttributesTest {

    // --- setting reaches the computation -----------------------------------------------------------------------

    @Test
    void whatIsSetReachesTheNextCall() {
        Tensor ones = Torch.ones(2, 3);
        Dropout dropout = new Dropout(0.0);
        dropout.p(1.0);
        assertEquals(0.0, dropout.call(ones).sum().item());

        LeakyReLU leaky = new LeakyReLU(0.5);
        leaky.negativeSlope(0.25);
        assertEquals(-0.25, leaky.call(Torch.tensor(-1.0)).item());
        Tensor x = Torch.tensor(-1.0);
        leaky.inplace(true);
        leaky.call(x);
        assertEquals(-0.25, x.item());

        MaxPool2d pool = new MaxPool2d(2);
        pool.stride(1);
        assertArrayEquals(new long[] {1, 3, 3}, pool.call(Torch.ones(1, 4, 4)).shape());
        pool.ceilMode(true);
        pool.stride(3);
        assertArrayEquals(new long[] {1, 2, 2}, pool.call(Torch.ones(1, 4, 4)).shape());

        MSELoss loss = new MSELoss();
        loss.reduction(Reduction.NONE);
        assertArrayEquals(new long[] {2, 3}, loss.call(ones, Torch.zeros(2, 3)).shape());
    }

    @Test
    void aConvolutionCanBeDilatedPaddedAndStridden() {
        Conv2d conv = new Conv2d(2, 4, 3);
        Tensor x = Torch.ones(1, 2, 8, 8);
        conv.stride(2);
        assertArrayEquals(new long[] {1, 4, 3, 3}, conv.call(x).shape());
        conv.padding(1);
        conv.stride(1);
        assertArrayEquals(new long[] {1, 4, 8, 8}, conv.call(x).shape());
        conv.dilation(3);
        conv.padding("same");
        conv.paddingMode(PaddingMode.CIRCULAR);
        assertArrayEquals(new long[] {1, 4, 8, 8}, conv.call(x).shape());
        assertEquals("same", conv.paddingName());
        assertEquals(
                "the padding is 'same' and not a size: check paddingName() first",
                assertThrows(IllegalStateException.class, conv::padding).getMessage());
        conv.padding("valid");
        assertArrayEquals(new long[] {0, 0}, conv.padding());
        ConvTranspose2d transposed = new ConvTranspose2d(2, 4, 3, o -> o.stride(2));
        transposed.outputPadding(1);
        assertArrayEquals(new long[] {1, 4, 18, 18}, transposed.call(x).shape());
    }

    @Test
    void aNormalisationsMomentumAndEps() {
        BatchNorm1d norm = new BatchNorm1d(2);
        norm.momentum(1);
        norm.call(Torch.tensor(new float[][] {{1, 2}, {3, 4}}));
        assertArrayEquals(new float[] {2, 3}, norm.runningMean.toFloatArray());
        norm.momentum(null);
        norm.call(Torch.tensor(new float[][] {{5, 6}, {7, 8}}));
        assertArrayEquals(new float[] {4, 5}, norm.runningMean.toFloatArray());
        norm.trackRunningStats(false);
        norm.call(Torch.tensor(new float[][] {{50, 60}, {70, 80}}));
        assertArrayEquals(new float[] {4, 5}, norm.runningMean.toFloatArray());
        norm.eps(1e9);
        assertTrue(norm.call(Torch.rand(4, 2)).abs().max().item() < 1e-3);
    }

    // --- setting is checked ------------------------------------------------------------------------------------

    private static String refusal(Runnable setting) {
        return assertThrows(IllegalArgumentException.class, setting::run).getMessage();
    }

    @Test
    void settingIsCheckedAsMakingIs() {
        Dropout dropout = new Dropout(0.3);
        assertEquals(refusal(() -> new Dropout(1.5)), refusal(() -> dropout.p(1.5)));
        assertEquals(0.3, dropout.p());
        Conv2d conv = new Conv2d(2, 4, 3, o -> o.padding("same"));
        assertEquals(
                refusal(() -> new Conv2d(2, 4, 3, o -> o.padding("same").stride(2))), refusal(() -> conv.stride(2)));
        assertEquals(refusal(() -> new Conv2d(2, 4, 3, o -> o.padding("all"))), refusal(() -> conv.padding("all")));
        assertEquals(refusal(() -> new Conv2d(2, 4, 3, o -> o.groups(3))), refusal(() -> conv.groups(3)));
        assertEquals(
                refusal(() -> new Conv2d(2, 4, 3, o -> o.dilation(1, 2, 3))), refusal(() -> conv.dilation(1, 2, 3)));
        assertEquals("Conv2d(2, 4, kernel_size=(3, 3), stride=(1, 1), padding=same)", conv.toString());
        assertEquals(refusal(() -> new Hardtanh(2, 1)), refusal(() -> new Hardtanh(0, 1).minVal(2)));
        assertEquals(refusal(() -> new MaxPool2d(2, o -> o.stride(1, 2, 3))), refusal(() -> new MaxPool2d(2)
                .stride(1, 2, 3)));
        assertEquals(refusal(() -> new LPPool2d(0, 2)), refusal(() -> new LPPool2d(1, 2).normType(0)));
        assertEquals(refusal(() -> new AvgPool1d(2, o -> o.divisorOverride(3L))), refusal(() -> new AvgPool1d(2)
                .divisorOverride(3L)));
        assertEquals(refusal(() -> new AdaptiveAvgPool2d(1, 2, 3)), refusal(() -> new AdaptiveAvgPool2d(1)
                .outputSize(1, 2, 3)));
        assertEquals(refusal(() -> new LSTM(2, 3, o -> o.dropout(-1))), refusal(() -> new LSTM(2, 3).dropout(-1)));
        assertEquals(refusal(() -> new Embedding(2, 3, 4)), refusal(() -> new Embedding(2, 3).paddingIdx(4L)));
        assertEquals(refusal(() -> new TripletMarginLoss(-1)), refusal(() -> new TripletMarginLoss().margin(-1)));
        assertEquals(refusal(() -> new MultiMarginLoss(o -> o.p(3))), refusal(() -> new MultiMarginLoss().p(3)));
        assertThrows(NullPointerException.class, () -> new GELU().approximate(null));
        assertThrows(NullPointerException.class, () -> new LeakyReLU().negativeSlope(null));
    }

    @Test
    void sizesAreCopies() {
        Conv2d conv = new Conv2d(2, 4, 3);
        conv.stride()[0] = 7;
        long[] dilation = {2, 2};
        conv.dilation(dilation);
        dilation[0] = 9;
        assertArrayEquals(new long[] {1, 1}, conv.stride());
        assertArrayEquals(new long[] {2, 2}, conv.dilation());
    }

    @Test
    void aCopyIsSetApart() {
        MaxPool2d pool = new MaxPool2d(2);
        Module.deepCopy(pool).stride(1);
        assertArrayEquals(new long[] {2}, pool.stride());
        EmbeddingBag bag = new EmbeddingBag(2, 3);
        Module.deepCopy(bag).mode("max");
        assertEquals("mean", bag.mode());
        AdaptiveAvgPool2d adaptive = new AdaptiveAvgPool2d(1);
        Module.deepCopy(adaptive).outputSize(2, 3);
        assertEquals("AdaptiveAvgPool2d(output_size=1)", adaptive.toString());
    }

    // --- the usual argument ------------------------------------------------------------------------------------

    @Test
    void theUsualArgumentsStandByThemselves() {
        Map<String, Module<?, ?>> made = new LinkedHashMap<>();
        made.put("LeakyReLU(negative_slope=0.1)", new LeakyReLU(0.1));
        made.put("LeakyReLU(negative_slope=0.1, inplace=True)", new LeakyReLU(0.1, true));
        made.put("ReLU(inplace=True)", new ReLU(true));
        made.put("ReLU6(inplace=True)", new ReLU6(true));
        made.put("SELU(inplace=True)", new SELU(true));
        made.put("SiLU(inplace=True)", new SiLU(true));
        made.put("Mish(inplace=True)", new Mish(true));
        made.put("Hardsigmoid()", new Hardsigmoid(true));
        made.put("Hardswish()", new Hardswish(true));
        made.put("CELU(alpha=2.0)", new CELU(2.0));
        made.put("CELU(alpha=2.0, inplace=True)", new CELU(2.0, true));
        made.put("ELU(alpha=2)", new ELU(2));
        made.put("ELU(alpha=2, inplace=True)", new ELU(2, true));
        made.put("RReLU(lower=0.1, upper=0.2)", new RReLU(0.1, 0.2));
        made.put("RReLU(lower=0.1, upper=0.2, inplace=True)", new RReLU(0.1, 0.2, true));
        made.put("Hardtanh(min_val=-2, max_val=2)", new Hardtanh(-2, 2));
        made.put("Hardtanh(min_val=-2, max_val=2, inplace=True)", new Hardtanh(-2, 2, true));
        made.put("Hardshrink(0.1)", new Hardshrink(0.1));
        made.put("Softshrink(0.1)", new Softshrink(0.1));
        made.put("Softplus(beta=2, threshold=20.0)", new Softplus(2));
        made.put("Softplus(beta=2, threshold=3)", new Softplus(2, 3));
        made.put("Threshold(threshold=0.1, value=20, inplace=True)", new Threshold(0.1, 20, true));
        made.put("GELU(approximate='tanh')", new GELU("tanh"));
        made.put("PReLU(num_parameters=3)", new PReLU(3));
        made.put("Dropout(p=0.5, inplace=True)", new Dropout(0.5, true));
        made.put("Dropout2d(p=0.1, inplace=True)", new Dropout2d(0.1, true));
        made.put("AlphaDropout(p=0.1, inplace=True)", new AlphaDropout(0.1, true));
        made.put("FeatureAlphaDropout(p=0.1, inplace=True)", new FeatureAlphaDropout(0.1, true));
        made.put("MaxPool2d(kernel_size=3, stride=2, padding=0, dilation=1, ceil_mode=False)", new MaxPool2d(3, 2));
        made.put("AvgPool1d(kernel_size=(3,), stride=(2,), padding=(0,))", new AvgPool1d(3, 2));
        made.put("Flatten(start_dim=2, end_dim=-1)", new Flatten(2));
        made.put("Flatten(start_dim=0, end_dim=1)", new Flatten(0, 1));
        made.put("Embedding(10, 3, padding_idx=0)", new Embedding(10, 3, 0));
        made.put("LSTM(2, 3, num_layers=2)", new LSTM(2, 3, 2));
        made.put("GRU(2, 3, num_layers=2)", new GRU(2, 3, 2));
        made.forEach((text, module) -> assertEquals(text, module.toString()));
        assertEquals(Reduction.SUM, new CrossEntropyLoss(Reduction.SUM).reduction());
        assertEquals(0.2, new TripletMarginLoss(0.2).margin());
        assertEquals(1.0, new PairwiseDistance(1).norm());
    }
}
