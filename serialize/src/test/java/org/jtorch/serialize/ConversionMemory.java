package org.jtorch.serialize;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jtorch.DType;
import org.jtorch.Torch;

/**
 * A conversion in a process of its own: from a file to another, as bfloat16 or as it is. Prints by how many bytes the process
 * grew at most.
 */
final class ConversionMemory {

    private ConversionMemory() {}

    public static void main(String[] arguments) throws IOException {
        Path from = Path.of(arguments[0]);
        Path to = Path.of(arguments[1]);
        boolean converted = arguments[2].equals("bf16");
        Path warm = to.resolveSibling("warm.pt");
        Checkpoint.save(warm, Map.of("w", Torch.ones(1 << 20)));
        Checkpoint.convert(warm, to.resolveSibling("warm.safetensors"), o -> o.dtype(DType.BFLOAT16));
        long before = peak();
        Checkpoint.convert(from, to, o -> {
            if (converted) {
                o.dtype(DType.BFLOAT16);
            }
        });
        System.out.println(peak() - before);
    }

    /** The most that the process ever had resident. */
    private static long peak() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                return 1024 * Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IllegalStateException("no VmHWM in /proc/self/status");
    }
}
