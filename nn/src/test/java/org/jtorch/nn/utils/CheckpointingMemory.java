package org.jtorch.nn.utils;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.linear.Linear;

/**
 * One step of a stack of 24 MLP blocks in a process of its own, plain or checkpointed. It prints the greatest growth of the
 * process in bytes, and the bits of the sum of the gradients.
 */
final class CheckpointingMemory {

    private static final int BLOCKS = 24;

    /**
     * A hidden activation has 34 MiB. Above 32 MiB, freed memory is returned to the system immediately, and so is not counted.
     */
    private static final long ROWS = 34 << 10;

    private CheckpointingMemory() {}

    public static void main(String[] arguments) throws IOException {
        boolean checkpointed = arguments[0].equals("checkpointed");
        Torch.manualSeed(0);
        Sequential net = new Sequential();
        for (int i = 0; i < BLOCKS; i++) {
            net.append(new Sequential(new Linear(16, 256), new ReLU(), new Linear(256, 16)));
        }
        step(net, 8, checkpointed);
        net.zeroGrad();
        long before = peak();
        step(net, ROWS, checkpointed);
        long after = peak();
        double sum = 0;
        for (Parameter parameter : net.parameters()) {
            sum += parameter.grad().sum().item();
        }
        System.out.println((after - before) + " " + Double.doubleToRawLongBits(sum));
    }

    private static void step(Sequential net, long rows, boolean checkpointed) {
        try (TensorScope scope = new TensorScope()) {
            Tensor x = Torch.randn(rows, 16);
            Tensor y = checkpointed ? Checkpointing.checkpointSequential(net, BLOCKS, x) : net.call(x);
            y.sum().backward();
        }
    }

    /** Returns the peak resident memory of the process. */
    private static long peak() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                return 1024 * Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IllegalStateException("no VmHWM in /proc/self/status");
    }
}
