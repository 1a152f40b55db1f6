package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.nn.conv.Conv1d;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.init.Init;
import org.jtorch.nn.padding.ReplicationPad2d;
import org.jtorch.nn.pooling.MaxPool1d;
import org.jtorch.nn.rnn.LSTM;
import org.jtorch.nn.transformer.TransformerDecoder;
import org.jtorch.nn.transformer.TransformerEncoder;
import org.jtorch.nn.transformer.TransformerEncoderLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Layers and functions with arguments that once crashed the JVM, hung, or failed without naming the argument. */
class HostileArgumentsTest {

    private static void refused(String message, Executable call) {
        assertEquals(message, root(assertThrows(RuntimeException.class, call)).getMessage());
    }

    /** Returns the cause: modules report the failure in an exception of their own. */
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
        refused("stride is 4294967296, but must not exceed 16777216", () -> new Conv1d(2, 2, 1, o -> o.stride(1L << 32))
                .call(line));
        refused(
                "pad is [9223372036854775807, 9223372036854775807, 9223372036854775807, 9223372036854775807],"
                        + " but must not exceed 16777216",
                () -> new ReplicationPad2d(Long.MAX_VALUE).call(Torch.ones(1, 2, 8, 8)));
    }

    @Test
    void numbersOfLayersAreBounded() {
        refused(
                "num_layers is 4294967296, but must not exceed 16777216",
                () -> new TransformerEncoder(new TransformerEncoderLayer(2, 1, o -> o.dimFeedforward(2)), 1L << 32));
        refused("the layer must not be null", () -> new TransformerDecoder(null, Long.MAX_VALUE));
        refused("num_layers is 8589934592, but must not exceed 16777216", () -> new LSTM(2, 3, 1L << 33));
    }

    /** In an interval that is wide compared with the density, only the neighbourhood of the density is drawn from. */
    @Test
    void truncatedNormalsEnd() {
        refused("std is -1.0, but must be positive", () -> Init.truncNormal_(Torch.ones(4), 2, -1, -1e19, 2));
        for (double[] each : new double[][] {{100, 1, -1e19, 2}, {0, 1e-9, 0, 1e9}, {5, 1, -1e30, 0}}) {
            Tensor drawn = Init.truncNormal_(Torch.ones(1000), each[0], each[1], each[2], each[3]);
            assertTrue(drawn.min().item() >= each[2] && drawn.max().item() <= each[3], drawn.toString());
        }
        // Far outside, the density decreases exponentially: the mean distance from the bound is std^2 / distance.
        Tensor tail = Init.truncNormal_(Torch.ones(20_000).to(DType.FLOAT64), 100, 1, -1e19, 2);
        assertEquals(1.0 / 98, 2 - tail.mean().item(), 1e-3);
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
