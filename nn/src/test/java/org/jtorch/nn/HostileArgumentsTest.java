package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.nn.conv.Conv1d;
import org.jtorch.nn.padding.ReplicationPad2d;
import org.jtorch.nn.pooling.MaxPool1d;
import org.jtorch.nn.rnn.LSTM;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Layers and functions with arguments that once crashed the JVM, hung, or failed without a word about the argument. */
class HostileArgumentsTest {

    private static void refused(String message, Executable call) {
        assertEquals(message, root(assertThrows(RuntimeException.class, call)).getMessage());
    }

    /** Modules say where they failed in an exception of their own. */
    private static Throwable root(Throwable thrown) {
        return thrown.getCause() == null ? thrown : root(thrown.getCause());
    }

    @Test
    void windowsOfLayersAreBounded() {
        Tensor line = Torch.ones(1, 2, 8);
        refused(
                "kernel_size is 9223372036854775807, but must not exceed 2147483647",
                () -> new MaxPool1d(Long.MAX_VALUE).call(line));
        refused("kernel_size is 8589934592, but must not exceed 2147483647", () -> new MaxPool1d(1L << 33).call(line));
        refused(
                "stride is 4294967296, but must not exceed 16777216",
                () -> new Conv1d(2, 2, 1, o -> o.stride(1L << 32)).call(line));
        refused(
                "pad is [9223372036854775807, 9223372036854775807, 9223372036854775807, 9223372036854775807],"
                        + " but must not exceed 16777216",
                () -> new ReplicationPad2d(Long.MAX_VALUE).call(Torch.ones(1, 2, 8, 8)));
    }

    @Test
    void anLstmRefusesAWeightOfAnotherShape() {
        LSTM lstm = new LSTM(3, 4);
        lstm.registerParameter("weight_hh_l0", new Parameter(Torch.ones(4, 4)));
        refused("weight_hh_l0 has the shape [4, 4], but must have [16, 4]", () -> lstm.call(Torch.ones(5, 2, 3)));
    }

    @Test
    void interpolateRefusesWhatHasNoDimensions() {
        TorchException e =
                assertThrows(TorchException.class, () -> F.interpolate(Torch.tensor(1.0), new long[] {2}, "nearest"));
        assertEquals(
                "Input Error: Only 3D, 4D and 5D input Tensors supported (got 0D) for the modes: nearest | linear | bilinear"
                        + " | bicubic | trilinear | area | nearest-exact (got nearest)",
                e.getMessage());
    }

    @Test
    void gaussianNllLossOfOneNumberTakesOneVariance() {
        Tensor one = Torch.tensor(1.0);
        refused(
                "var is of incorrect size: torch.Size([2]) for an input of torch.Size([])",
                () -> F.gaussianNllLoss(one, one, Torch.ones(2)));
        assertEquals(0, F.gaussianNllLoss(one, one, Torch.tensor(1.0)).item());
    }
}
