package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jtorch.DType;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.ValuesIndices;
import org.jtorch.nn.activation.GELU;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.flatten.Flatten;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.linear.Identity;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.loss.CrossEntropyLoss;
import org.jtorch.nn.loss.Loss;
import org.jtorch.nn.norm.BatchNorm1d;
import org.jtorch.nn.norm.LayerNorm;
import org.jtorch.nn.pooling.MaxPool2d;
import org.jtorch.nn.pooling.MaxPool2dWithIndices;
import org.jtorch.nn.sparse.Embedding;
import org.junit.jupiter.api.Test;

/** The behaviour of layers other than their outputs, which the replay of PyTorch's recordings checks. */
class LayerBehaviourTest {

    // --- embeddings --------------------------------------------------------------------------------------------

    @Test
    void pretrainedEmbeddingsShareTheirMemoryAndAreFrozen() {
        Tensor table = Torch.tensor(new float[] {0, 1, 2, 3, 4, 5}, 3, 2);
        Embedding frozen = Embedding.fromPretrained(table);
        assertTrue(frozen.weight.isAliasOf(table));
        assertFalse(frozen.weight.requiresGrad());
        assertEquals("Embedding(3, 2)", frozen.toString());
        Embedding trained = Embedding.fromPretrained(table, false, o -> o.paddingIdx(-1));
        assertTrue(trained.weight.requiresGrad());
        assertEquals(2L, trained.paddingIdx());
        assertArrayEquals(
                new float[] {4, 5, 0, 1},
                frozen.call(Torch.tensor(new long[] {2, 0})).flatten().toFloatArray());
        assertThrows(IllegalArgumentException.class, () -> Embedding.fromPretrained(table, true, o -> o.paddingIdx(3)));
    }

    @Test
    void thePaddingRowIsZeroAndGetsNoGradient() {
        Embedding m = new Embedding(4, 2, o -> o.paddingIdx(1));
        assertEquals(0.0, m.weight.select(0, 1).abs().sum().item());
        m.call(Torch.tensor(new long[] {0, 1, 1})).sum().backward();
        assertArrayEquals(
                new float[] {1, 1, 0, 0, 0, 0, 0, 0}, m.weight.grad().flatten().toFloatArray());
        m.weight.data().fill_(1);
        m.resetParameters();
        assertEquals(0.0, m.weight.select(0, 1).abs().sum().item());
        assertTrue(m.weight.isLeaf());
    }

    @Test
    void theGradientMayBeSparse() {
        Embedding m = new Embedding(4, 2, o -> o.sparse(true));
        m.call(Torch.tensor(new long[] {3, 3})).sum().backward();
        assertEquals(Layout.SPARSE_COO, m.weight.grad().layout());
    }

    @Test
    void maxNormScalesTheRowsThatAreLookedUp() {
        Embedding m = new Embedding(2, 2, o -> o.maxNorm(1));
        m.weight.data().fill_(3);
        m.eval().infer(Torch.tensor(new long[] {1}));
        assertEquals(6.0, m.weight.select(0, 0).sum().item());
        assertEquals(1.0, m.weight.select(0, 1).norm().item(), 1e-5);
    }

    // --- normalisation -----------------------------------------------------------------------------------------

    @Test
    void runningStatisticsAreAveragesWithoutMomentum() {
        BatchNorm1d m = new BatchNorm1d(1, o -> o.momentum(null));
        try (TensorScope scope = new TensorScope()) {
            m.call(Torch.tensor(new float[] {0, 2}, 2, 1));
            m.call(Torch.tensor(new float[] {4, 6}, 2, 1));
        }
        assertEquals(2, m.numBatchesTracked.itemLong());
        assertEquals(3.0, m.runningMean.item());
        assertEquals(2.0, m.runningVar.item());
        m.eval().call(Torch.zeros(3, 1));
        assertEquals(2, m.numBatchesTracked.itemLong());
        m.resetRunningStats();
        assertEquals(0.0, m.runningMean.item());
        assertEquals(1.0, m.runningVar.item());
        assertEquals(0, m.numBatchesTracked.itemLong());
    }

    @Test
    void withoutAffineOrStatisticsThereIsNothingToSave() {
        BatchNorm1d m = new BatchNorm1d(2, o -> o.affine(false).trackRunningStats(false));
        assertEquals(List.of(), List.copyOf(m.stateDict().keySet()));
        assertNull(m.weight);
        assertNull(m.runningVar);
        LayerNorm n = new LayerNorm(2, o -> o.elementwiseAffine(false));
        assertEquals(List.of(), n.parameters());
    }

    @Test
    void aChannelWithoutValuesIsNoSingleValue() {
        assertArrayEquals(
                new long[] {2, 0},
                F.batchNorm(Torch.zeros(2, 0), null, null, null, null, true, 0.1, 1e-5)
                        .shape());
    }

    @Test
    void normsAreMadeInTheDtypeThatIsAskedFor() {
        BatchNorm1d m = new BatchNorm1d(2, o -> o.dtype(DType.FLOAT64));
        assertEquals(DType.FLOAT64, m.runningMean.dtype());
        assertEquals(DType.INT64, m.numBatchesTracked.dtype());
        assertEquals(DType.FLOAT64, new LayerNorm(2, o -> o.dtype(DType.FLOAT64)).bias.dtype());
    }

    // --- dropout, activations, shapes --------------------------------------------------------------------------

    @Test
    void dropoutZeroesInTrainingOnly() {
        Torch.manualSeed(0);
        Dropout m = new Dropout(0.25);
        Tensor x = Torch.ones(10_000);
        Tensor y = m.call(x);
        double kept = y.ne(0).sum().item() / 10_000;
        assertEquals(0.75, kept, 0.02);
        assertEquals(1 / 0.75, y.max().item(), 1e-6);
        assertTrue(m.eval().call(x).equal(x));
    }

    @Test
    void inPlaceTheInputItselfIsGivenBack() {
        Tensor x = Torch.tensor(new float[] {-1, 2});
        assertSame(x, new ReLU(o -> o.inplace(true)).call(x));
        assertArrayEquals(new float[] {0, 2}, x.toFloatArray());
        assertNotSame(x, new ReLU().call(x));
        assertSame(x, new Dropout(o -> o.p(1).inplace(true)).call(x));
        assertArrayEquals(new float[] {0, 0}, x.toFloatArray());
        assertSame(x, new Identity().call(x));
    }

    @Test
    void theEngineRefusesAnUnknownApproximation() {
        String message = assertThrows(
                        TorchException.class, () -> new GELU(o -> o.approximate("erf")).call(Torch.zeros(1)))
                .getMessage();
        assertTrue(message.startsWith("in GELU: approximate argument must be either none or tanh"), message);
    }

    @Test
    void flattenGivesAView() {
        Tensor x = Torch.zeros(2, 3, 4);
        Tensor y = new Flatten().call(x);
        assertArrayEquals(new long[] {2, 12}, y.shape());
        assertTrue(y.isAliasOf(x));
    }

    @Test
    void indicesSayWhereTheGreatestStood() {
        Tensor x = Torch.tensor(new float[] {1, 5, 2, 0, 3, 4, 9, 8}, 1, 2, 4);
        ValuesIndices found = new MaxPool2dWithIndices(2).call(x);
        assertArrayEquals(new float[] {5, 9}, found.values().flatten().toFloatArray());
        assertArrayEquals(new long[] {1, 6}, found.indices().flatten().toLongArray());
        assertTrue(new MaxPool2d(2).call(x).equal(found.values()));
    }

    @Test
    void identityTakesAnyArguments() {
        assertEquals("Identity()", new Identity(1, "a", null).toString());
    }

    // --- losses ------------------------------------------------------------------------------------------------

    @Test
    void aLossTakesItsInputAndTarget() {
        CrossEntropyLoss loss =
                new CrossEntropyLoss(o -> o.weight(Torch.ones(3)).labelSmoothing(0.1));
        Tensor logits = Torch.zeros(2, 3);
        Tensor classes = Torch.tensor(new long[] {0, 2});
        assertEquals(Math.log(3), loss.call(logits, classes).item(), 1e-6);
        assertEquals(Math.log(3), loss.call(new Loss.Input(logits, classes)).item(), 1e-6);
        assertEquals(Math.log(3), loss.infer(new Loss.Input(logits, classes)).item(), 1e-6);
        assertEquals(List.of("weight"), List.copyOf(loss.stateDict().keySet()));
        assertEquals(List.of(), new CrossEntropyLoss().buffers());
    }

    @Test
    void aWeightMadeWithinAScopeOutlivesIt() {
        CrossEntropyLoss loss;
        try (TensorScope scope = new TensorScope()) {
            loss = new CrossEntropyLoss(o -> o.weight(Torch.ones(2)));
        }
        assertEquals(
                Math.log(2),
                loss.call(Torch.zeros(1, 2), Torch.tensor(new long[] {1})).item(),
                1e-6);
    }

    @Test
    void linearTellsItsSizes() {
        Linear m = new Linear(3, 2, o -> o.dtype(DType.FLOAT64));
        assertEquals(3, m.inFeatures());
        assertEquals(2, m.outFeatures());
        assertEquals(
                DType.FLOAT64,
                m.call(Torch.zeros(new long[] {3}, TensorOptions.of(DType.FLOAT64)))
                        .dtype());
    }
}
