package org.jtorch.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.nn.StateDict;
import org.jtorch.serialize.Checkpoint;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jtorch inspect}: lists what is in a checkpoint. */
@Command(name = "inspect", description = "List a checkpoint's keys, shapes, dtypes and sizes.")
final class InspectCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "A .pt or .safetensors file.")
    Path file;

    @Override
    public Integer call() {
        PrintWriter print = spec.commandLine().getOut();
        try (TensorScope scope = new TensorScope()) {
            StateDict state = Checkpoint.load(file).stateDict();
            int widest = state.keySet().stream().mapToInt(String::length).max().orElse(0);
            String row = "%-" + Math.max(widest, 3) + "s  %-20s  %-14s  %12s%n";
            print.printf(row, "key", "shape", "dtype", "bytes");
            long elements = 0;
            long bytes = 0;
            for (Map.Entry<String, Tensor> entry : state.entrySet()) {
                Tensor tensor = entry.getValue();
                print.printf(
                        row,
                        entry.getKey(),
                        Arrays.toString(tensor.shape()),
                        tensor.dtype().torchName(),
                        String.format(Locale.ROOT, "%,d", tensor.nbytes()));
                elements += tensor.numel();
                bytes += tensor.nbytes();
            }
            print.printf(Locale.ROOT, "%d tensors, %,d elements, %,d bytes%n", state.size(), elements, bytes);
            print.flush();
        }
        return 0;
    }
}
