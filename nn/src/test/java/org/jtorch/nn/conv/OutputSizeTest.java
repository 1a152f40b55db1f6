package org.jtorch.nn.conv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.nn.Module;
import org.jtorch.nn.hooks.ForwardHook;
import org.jtorch.nn.hooks.ForwardPreHook;
import org.junit.jupiter.api.Test;

/** The output size given to a call of a transposed convolution, and what hooks receive of it. */
class OutputSizeTest {

    private static final long[] SIZE = {1, 1, 8, 7};

    private final ConvTranspose2d conv = new ConvTranspose2d(1, 1, 3, o -> o.stride(2));
    private final Tensor x = Torch.ones(1, 1, 3, 3);

    @Test
    void aSizeIsOneOfThoseThatTheStrideLeavesOpen() {
        assertArrayEquals(new long[] {1, 1, 7, 7}, conv.call(x).shape());
        assertArrayEquals(new long[] {1, 1, 7, 7}, conv.call(x, null).shape());
        assertArrayEquals(
                new long[] {1, 1, 8, 7}, conv.call(x, new long[] {8, 7}).shape());
        assertArrayEquals(SIZE, conv.call(x, SIZE).shape());
        TorchException e = assertThrows(TorchException.class, () -> conv.call(x, new long[] {9, 7}));
        assertTrue(e.getMessage().contains("requested an output size of [9, 7]"), e.getMessage());
    }

    @Test
    void hooksThatAskForItSeeIt() {
        List<String> seen = new ArrayList<>();
        conv.registerForwardPreHook(new ForwardPreHook<>() {
            @Override
            public @Nullable Tensor call(Module<Tensor, Tensor> module, Tensor input) {
                seen.add("before");
                return null;
            }

            @Override
            public @Nullable Tensor call(Module<Tensor, Tensor> module, Tensor input, Object further) {
                seen.add("before " + ((ConvTransposeNd.OutputSize) further).size().length);
                return null;
            }
        });
        conv.registerForwardHook(new ForwardHook<>() {
            @Override
            public @Nullable Tensor call(Module<Tensor, Tensor> module, Tensor input, Tensor output) {
                seen.add("after");
                return null;
            }

            @Override
            public @Nullable Tensor call(Module<Tensor, Tensor> module, Tensor input, Tensor output, Object further) {
                seen.add("after " + ((ConvTransposeNd.OutputSize) further).size()[2]);
                return null;
            }
        });
        conv.call(x);
        conv.call(x, SIZE);
        assertEquals(List.of("before", "after", "before 4", "after 8"), seen);
    }

    @Test
    void otherHooksSeeAndReplaceInputAndOutputAsEver() {
        conv.registerForwardPreHook((module, input) -> input.zero_());
        conv.registerForwardHook((module, input, output) -> output.mul(0));
        Tensor y = conv.call(x, SIZE);
        assertArrayEquals(SIZE, y.shape());
        assertEquals(0, y.abs().sum().item());
        assertEquals(0, x.sum().item());
    }

    @Test
    void aCallThatAHookMakesHasNoSize() {
        List<long[]> shapes = new ArrayList<>();
        var handle = new ForwardPreHook<Module<Tensor, Tensor>, Tensor, Tensor>() {
            private boolean within;

            @Override
            public @Nullable Tensor call(Module<Tensor, Tensor> module, Tensor input) {
                if (!within) {
                    within = true;
                    shapes.add(module.call(input).shape());
                    within = false;
                }
                return null;
            }
        };
        conv.registerForwardPreHook(handle);
        assertArrayEquals(SIZE, conv.call(x, SIZE).shape());
        assertArrayEquals(new long[] {1, 1, 7, 7}, shapes.get(0));
    }

    @Test
    void aLazyOneTakesASizeToo() {
        var lazy = new LazyConvTranspose2d(1, 3, o -> o.stride(2));
        assertArrayEquals(SIZE, lazy.call(x, SIZE).shape());
    }
}
