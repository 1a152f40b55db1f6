package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.jtorch.MemoryFormat;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.autograd.RemovableHandle;
import org.jtorch.internal.Kernels;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.norm.BatchNorm2d;
import org.jtorch.nn.pooling.AdaptiveAvgPool2d;
import org.jtorch.nn.pooling.MaxPool2d;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A Sequential's run of convolutions, held against the same layers called one by one. */
class ImageRunTest {

    private final TensorScope scope = new TensorScope();
    private final GradMode mode = Autograd.noGrad();

    @BeforeEach
    void begin() {
        assumeTrue(Kernels.wideOneDnn(), "without wide vectors there are no runs");
        Torch.manualSeed(0);
    }

    @AfterEach
    void end() {
        mode.close();
        scope.close();
    }

    private static BatchNorm2d norm(long channels, boolean affine) {
        BatchNorm2d norm = new BatchNorm2d(channels, o -> o.affine(affine).eps(1e-3));
        norm.runningMean.uniform_(-1, 1);
        norm.runningVar.uniform_(0.1, 2);
        if (affine) {
            norm.weight.uniform_(-2, 2);
            norm.bias.uniform_(-1, 1);
        }
        return norm;
    }

    private static Sequential block(long in, long out, long stride) {
        return new Sequential(
                new Conv2d(in, out, 3, o -> o.stride(stride).padding(1).bias(false)), norm(out, true), new ReLU());
    }

    private static Sequential network(long channels) {
        Sequential network = new Sequential(
                block(channels, 16, 1),
                new MaxPool2d(2),
                new Conv2d(16, 32, 3, o -> o.padding("same").groups(2)),
                norm(32, false),
                block(32, 24, 2),
                new Conv2d(24, 16, 1),
                new ReLU(o -> o.inplace(true)),
                new AdaptiveAvgPool2d(2));
        network.eval();
        return network;
    }

    /** The leaves called one behind the other. */
    private static Tensor oneByOne(Module<Tensor, Tensor> module, Tensor x) {
        if (!(module instanceof Sequential steps)) {
            return module.call(x);
        }
        Tensor y = x;
        for (Module<Tensor, Tensor> step : steps) {
            y = oneByOne(step, y);
        }
        return y;
    }

    private static List<Named<Module<Tensor, Tensor>>> steps(Sequential network) {
        List<Named<Module<Tensor, Tensor>>> steps = new ArrayList<>();
        network.forEach(step -> steps.add(new Named<>(String.valueOf(steps.size()), step)));
        return steps;
    }

    private static void assertClose(Tensor expected, Tensor actual) {
        assertArrayEquals(expected.shape(), actual.shape());
        double worst = actual.sub(expected).abs().max().item();
        double size = expected.abs().max().item();
        assertTrue(worst <= 1e-5 * size, () -> "off by " + worst + " of " + size);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 32", "3, 3, 64", "8, 4, 24", "1, 3, 7"})
    void givesWhatTheLayersGive(long n, long channels, long size) {
        Sequential network = network(channels);
        Tensor x = Torch.randn(n, channels, size, size);
        Tensor before = x.clone();
        ImageRun run = ImageRun.of(steps(network), 0, x);
        assertNotNull(run);
        assertEquals(network.size(), run.end());
        Tensor y = network.call(x);
        assertClose(oneByOne(network, x), y);
        assertTrue(y.isContiguous());
        assertTrue(x.equal(before));
        try (GradMode inference = Autograd.inferenceMode()) {
            assertClose(y, network.call(x));
        }
    }

    /** Where a run ends in the middle, the image is row-major for who comes next. */
    @Test
    void theNextStepSeesAnImageThatIsRowMajor() {
        List<Tensor> seen = new ArrayList<>();
        class Looking extends Layer {
            @Override
            protected Tensor forward(Tensor x) {
                seen.add(x.clone());
                assertTrue(x.isContiguous());
                return x.view(x.size(0), -1);
            }
        }
        Sequential convolutions = new Sequential(block(3, 16, 1), block(16, 16, 1), block(16, 16, 1));
        Sequential network = new Sequential(convolutions, new Looking());
        network.eval();
        Tensor x = Torch.randn(2, 3, 32, 32);
        network.call(x);
        assertClose(oneByOne(convolutions, x), seen.get(0));
    }

    @Test
    void aHookSeesWhatItWouldWithoutARun() {
        Sequential network = network(3);
        Tensor x = Torch.randn(2, 3, 32, 32);
        Tensor plain = oneByOne(network, x);
        List<Boolean> contiguous = new ArrayList<>();
        Module<Tensor, Tensor> inner = ((Sequential) network.get(4)).get(1);
        try (RemovableHandle handle = inner.registerForwardHook((m, in, out) -> {
            contiguous.add(in.isContiguous() && out.isContiguous());
            return null;
        })) {
            assertEquals(4, ImageRun.of(steps(network), 0, x).end());
            assertClose(plain, network.call(x));
        }
        assertEquals(List.of(true), contiguous);
    }

    @Test
    void parametersThatChangeAreNoticed() {
        Sequential network = network(3);
        Tensor x = Torch.randn(2, 3, 32, 32);
        network.call(x);
        network.parameters().forEach(p -> p.add_(0.1));
        network.buffers().forEach(b -> b.add_(1));
        assertClose(oneByOne(network, x), network.call(x));
    }

    @Test
    void noRunWhereItCouldBeSeenOrWouldNotPay() {
        Sequential network = network(3);
        Tensor x = Torch.randn(2, 3, 32, 32);
        try (GradMode grad = Autograd.enableGrad()) {
            assertNull(ImageRun.of(steps(network), 0, x), "gradients");
        }
        assertNull(ImageRun.of(steps(network), 1, x), "it begins with a convolution");
        assertNull(ImageRun.of(steps(network), 0, x.contiguous(MemoryFormat.CHANNELS_LAST)), "it lies so already");
        assertNull(ImageRun.of(steps(network), 0, x.select(0, 0)), "a single image");
        assertNull(ImageRun.of(steps(network), 0, x.to(org.jtorch.DType.FLOAT64)), "another dtype");
        assertNull(ImageRun.of(steps(block(3, 16, 1)), 0, x), "too short");
        class Own extends Conv2d {
            Own() {
                super(3, 3, 1);
            }
        }
        assertNull(ImageRun.of(steps(new Sequential(new Own(), new Own(), new Own())), 0, x), "a subclass");
    }

    /** A normalisation in training takes the batch's statistics and counts it, once. */
    @Test
    void normalisationInTraining() {
        Sequential network = new Sequential(block(3, 16, 1), block(16, 16, 1), block(16, 16, 1), block(16, 16, 1));
        network.eval();
        BatchNorm2d last = (BatchNorm2d) ((Sequential) network.get(3)).get(1);
        last.train();
        Tensor x = Torch.randn(2, 3, 32, 32);
        Sequential copy = Module.deepCopy(network);
        assertClose(oneByOne(copy, x), network.call(x));
        assertEquals(1, last.numBatchesTracked.itemLong());
    }

    @Test
    void aFailureNamesItsPlace() {
        Sequential network = new Sequential(block(3, 16, 1), block(16, 16, 1), block(12, 16, 1));
        network.eval();
        TorchException e = assertThrows(TorchException.class, () -> network.call(Torch.randn(2, 3, 32, 32)));
        assertTrue(e.getMessage().contains("in 2.0 (Conv2d)"), e.getMessage());
        assertTrue(e.getMessage().contains("expected input[2, 16, 32, 32] to have 12 channels"), e.getMessage());
        assertFalse(e.getMessage().contains("mkldnn"), e.getMessage());
    }
}
