package org.jtorch.nn.norm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jtorch.Tensor;
import org.jtorch.Torch;
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
    void aFieldThatCannotHoldIt() {
        RuntimeException e =
                assertThrows(RuntimeException.class, () -> SyncBatchNorm.convertSyncBatchnorm(new Narrow()));
        assertTrue(e.getMessage().contains("bn"), e.getMessage());
    }
}
