package org.jtorch.nn.norm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.nn.Module;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.conv.Conv2d;
import org.junit.jupiter.api.Test;

class SyncBatchNormTest {

    @Test
    void convertsWhatIsInside() {
        BatchNorm2d first = new BatchNorm2d(3, o -> o.momentum(null));
        BatchNorm2d second = new BatchNorm2d(3, o -> o.affine(false).eps(0.5));
        Sequential model = new Sequential(new Conv2d(2, 3, 1), first, new Sequential(second));
        model.eval();
        Tensor x = Torch.randn(4, 2, 5, 5);
        Tensor before = model.call(x);
        assertSame(model, SyncBatchNorm.convertSyncBatchnorm(model));
        SyncBatchNorm sync = assertInstanceOf(SyncBatchNorm.class, model.get(1));
        assertSame(first.weight, sync.weight);
        assertSame(first.runningVar, sync.runningVar);
        assertTrue(before.allclose(model.call(x), 0, 0));
        // As PyTorch prints it.
        assertEquals(
                "SyncBatchNorm(3, eps=0.5, momentum=0.1, affine=False, bias=False, track_running_stats=True)",
                model.getSubmodule("2.0").toString());
        assertEquals(
                "SyncBatchNorm(3, eps=1e-05, momentum=None, affine=True, bias=True, track_running_stats=True)",
                sync.toString());
        model.train().call(x);
        assertEquals(1, sync.numBatchesTracked.itemLong());
    }

    @Test
    void theModuleItself() {
        BatchNorm1d norm = new BatchNorm1d(4);
        assertSame(norm.weight, assertInstanceOf(SyncBatchNorm.class, SyncBatchNorm.convertSyncBatchnorm(norm)).weight);
    }

    static final class Narrow extends Module<Tensor, Tensor> {
        BatchNorm2d bn = new BatchNorm2d(3);

        @Override
        protected Tensor forward(Tensor x) {
            return bn.call(x);
        }
    }

    @Test
    void aFieldThatCannotHoldItKeepsItsLayer() {
        Narrow model = new Narrow();
        BatchNorm2d before = model.bn;
        SyncBatchNorm.convertSyncBatchnorm(model, new Twins());
        assertSame(before, model.bn);
        assertEquals(
                "SyncBatchNorm(3, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)",
                model.bn.toString());
        Tensor x = Torch.randn(2, 3, 2, 2);
        model.call(x);
        assertTrue(model.bn.runningVar.allclose(alone(Torch.cat(List.of(x, x))).runningVar, 1e-6, 1e-6));
    }

    private static BatchNorm2d alone(Tensor x) {
        BatchNorm2d norm = new BatchNorm2d(3);
        norm.call(x);
        return norm;
    }

    /** Two processes with the same batch. */
    private static final class Twins extends BatchGroup {

        @Override
        public int size() {
            return 2;
        }

        @Override
        public List<Tensor> allGather(Tensor tensor) {
            return List.of(tensor, tensor);
        }

        @Override
        public void allReduce(Tensor tensor) {
            tensor.mul_(2);
        }
    }

    @Test
    void gradientsThroughTheStatisticsOfAll() {
        Tensor half = Torch.randn(3, 4, 5);
        Tensor grad = Torch.randn(3, 4, 5);
        Tensor x = half.clone().requiresGrad_();
        SyncBatchNorm sync = new SyncBatchNorm(4, new Twins(), o -> {});
        sync.call(x).backward(grad);
        Tensor whole = Torch.cat(List.of(half, half)).requiresGrad_();
        BatchNorm1d norm = new BatchNorm1d(4);
        norm.call(whole).backward(Torch.cat(List.of(grad, grad)));
        assertTrue(x.grad().allclose(whole.grad().narrow(0, 0, 3), 1e-5, 1e-6));
        assertTrue(sync.weight.grad().mul(2).allclose(norm.weight.grad(), 1e-5, 1e-5));
        assertTrue(sync.runningVar.allclose(norm.runningVar, 1e-6, 1e-6));
    }

    @Test
    void meansThatAreLargeCancelNothing() {
        // two processes whose means differ, and are large in comparison with the deviation
        Tensor x = Torch.randn(64, 2).to(DType.FLOAT64);
        Tensor other = Torch.randn(32, 2).to(DType.FLOAT64).add(3);
        BatchGroup group = new BatchGroup() {
            @Override
            public int size() {
                return 2;
            }

            @Override
            public List<Tensor> allGather(Tensor tensor) {
                List<Tensor> varMean = other.add(1e6).to(DType.FLOAT32).varMean(new long[] {0}, 0);
                Tensor count = Torch.tensor(new double[] {32});
                return List.of(
                        tensor,
                        Torch.cat(List.of(
                                varMean.get(1).to(DType.FLOAT64), varMean.get(0).to(DType.FLOAT64), count)));
            }

            @Override
            public void allReduce(Tensor tensor) {}
        };
        SyncBatchNorm sync = new SyncBatchNorm(2, group, o -> o.momentum(1));
        sync.call(x.add(1e6).to(DType.FLOAT32));
        Tensor expected = Torch.cat(List.of(x, other)).var(new long[] {0}, 1);
        assertTrue(sync.runningVar.to(DType.FLOAT64).allclose(expected, 0.02, 0), sync.runningVar::toString);
    }

    @Test
    void whatIsRefused() {
        SyncBatchNorm sync = new SyncBatchNorm(4, new Twins(), o -> {});
        TorchException channels = assertThrows(TorchException.class, () -> sync.call(Torch.randn(2, 3)));
        assertTrue(channels.getMessage().contains("3 channels"), channels.getMessage());
        Tensor x = Torch.randn(2, 4).requiresGrad_();
        Tensor y = sync.call(x).square().sum();
        TorchException twice = assertThrows(TorchException.class, () -> Autograd.grad(y, x, true));
        assertTrue(twice.getMessage().contains("differentiated again"), twice.getMessage());
        assertThrows(IllegalArgumentException.class, () -> SyncBatchNorm.convertSyncBatchnorm(new LazyBatchNorm2d()));
        assertNull(new SyncBatchNorm(4).processGroup());
    }
}
