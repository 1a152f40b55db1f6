package org.jtorch.serialize;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.serialize.format.CheckpointException;

/** Saves to a full disk in its own process, and prints the messages and the files that are left. */
final class FullDisk {

    private FullDisk() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Path file = folder.resolve("m.pt");
        if (!arguments[1].equals("again")) {
            Checkpoint.save(file, Map.of("a", Torch.ones(10)));
        }
        if (!arguments[1].equals("fill")) {
            try {
                Checkpoint.save(file, Map.of("a", Torch.zeros(10_000_000)));
                System.out.println("saved");
            } catch (CheckpointException e) {
                System.out.println(e.getMessage());
            }
            try (Stream<Path> files = Files.list(folder)) {
                List<Path> names = files.map(Path::getFileName).toList();
                Tensor a = Checkpoint.load(file).stateDict().get("a");
                System.out.println("left: " + names + ", " + (a.sum().item() == 10 ? "the old one" : "another"));
            }
        }
    }
}
