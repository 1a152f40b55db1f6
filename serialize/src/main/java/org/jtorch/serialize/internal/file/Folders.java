package org.jtorch.serialize.internal.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jtorch.serialize.format.CheckpointException;

/** Describes folders that were given in place of a checkpoint file, and suggests a file in them. */
public final class Folders {

    /** The greatest number of names in a message. */
    private static final int SHOWN = 8;

    private Folders() {}

    /** Returns an exception that says why {@code folder} cannot be read, and what to do. */
    static CheckpointException refused(Path folder) {
        List<String> names;
        try (Stream<Path> files = Files.list(folder)) {
            names = files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return new CheckpointException("is a folder, not a checkpoint file", e);
        }
        if (names.contains(".metadata")) {
            return new CheckpointException(
                    "is a folder of torch.distributed.checkpoint: load it with Checkpoint, which reads such folders");
        }
        if (names.stream().anyMatch(name -> name.endsWith(".distcp"))) {
            return new CheckpointException(
                    "is a folder of torch.distributed.checkpoint without its index, .metadata: it was not written"
                            + " completely; use the checkpoint before it");
        }
        if (names.contains("saved_model.pb")) {
            return new CheckpointException(
                    "is a TensorFlow SavedModel, which jtorch does not read: in Python, load it with"
                            + " its own library and save its tensors with safetensors.torch.save_file");
        }
        List<String> checkpoints = candidates(names);
        return new CheckpointException(
                checkpoints.isEmpty()
                        ? "is a folder, not a checkpoint file"
                        : "is a folder: name the file in it, "
                                + checkpoints.stream()
                                        .limit(SHOWN)
                                        .map(name -> String.valueOf(folder.resolve(name)))
                                        .collect(Collectors.joining(" or "))
                                + (checkpoints.size() > SHOWN
                                        ? " or another of its " + checkpoints.size() + " checkpoints"
                                        : ""));
    }

    /** Returns the indices, and the files that are not their shards. */
    private static List<String> candidates(List<String> names) {
        return names.stream()
                .filter(name -> name.endsWith(".index.json")
                        || (name.matches(".+\\.(safetensors|bin|pt|pth|ckpt)")
                                && !name.matches(".*-[0-9]{5}-of-[0-9]{5}\\.[a-z]+")))
                .toList();
    }
}
