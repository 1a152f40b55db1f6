package org.jtorch.benchmarks.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.nn.state.StateDict;
import org.jtorch.serialize.Checkpoint;

/** Writing and reading checkpoints in the temporary folder. */
final class CheckpointCases {

    private CheckpointCases() {}

    static void run(Bench bench) {
        if (!bench.wanted("io/")) {
            return;
        }
        try {
            Path folder = Files.createTempDirectory("jtorch-bench");
            Path file = folder.resolve("c.pt");
            Path safetensors = folder.resolve("c.safetensors");
            try (TensorScope scope = new TensorScope()) {
                large(bench, file, safetensors);
                many(bench, file);
            } finally {
                Files.deleteIfExists(file);
                Files.deleteIfExists(safetensors);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the temporary folder cannot be used", e);
        }
    }

    private static void large(Bench bench, Path file, Path safetensors) {
        StateDict state = new StateDict();
        for (int i = 0; i < 128; i++) {
            state.put("layers." + i + ".weight", Torch.randn(1024, 1024));
        }
        bench.measure("io/save_512MiB", 1, 3, () -> Checkpoint.save(file, state));
        Checkpoint.save(file, state);
        bench.measure("io/load_512MiB", 1, 3, () -> load(file));
        // Memory mapping is the default.
        bench.measure("io/load_mmap_512MiB", 1, 3, () -> load(file));
        bench.measure("io/safetensors_save_512MiB", 1, 3, () -> Checkpoint.saveSafetensors(safetensors, state));
        Checkpoint.saveSafetensors(safetensors, state);
        bench.measure("io/safetensors_load_512MiB", 1, 3, () -> load(safetensors));
    }

    private static void many(Bench bench, Path file) {
        StateDict state = new StateDict();
        for (int i = 0; i < 20_000; i++) {
            state.put("layers." + i + ".weight", Torch.randn(16));
        }
        bench.measure("io/save_20000_keys", 1, 3, () -> Checkpoint.save(file, state));
        Checkpoint.save(file, state);
        bench.measure("io/load_20000_keys", 1, 3, () -> load(file));
    }

    private static void load(Path file) {
        try (TensorScope scope = new TensorScope()) {
            Checkpoint.load(file).stateDict();
        }
    }
}
