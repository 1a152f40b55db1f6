package org.jtorch.serialize.internal.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jtorch.serialize.format.CheckpointException;

/** A folder where a checkpoint's file is expected: which file of it is meant. */
public final class Folders {

    /** More names than these are not shown. */
    private static final int SHOWN = 8;

    private Folders() {}

    /** Why {@code folder} is not read, and what to do. */
    static CheckpointException refused(Path folder) {
        List<String> names;
        try (Stream<Path> files = Files.list(folder)) {
            names = files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return new CheckpointException("is a folder and no checkpoint file", e);
        }
        if (names.contains(".metadata") || names.stream().anyMatch(name -> name.endsWith(".distcp"))) {
            return new CheckpointException(
                    "is a folder of torch.distributed.checkpoint; " + ForeignFormats.DISTRIBUTED);
        }
        if (names.contains("saved_model.pb")) {
            return new CheckpointException(
                    "is a TensorFlow SavedModel, which jtorch does not read: in Python, load it with"
                            + " its own library and save its tensors by safetensors.torch.save_file");
        }
        List<String> checkpoints = candidates(names);
        return new CheckpointException(
                checkpoints.isEmpty()
                        ? "is a folder and no checkpoint file"
                        : "is a folder: name the file in it, "
                                + checkpoints.stream()
                                        .limit(SHOWN)
                                        .map(name -> String.valueOf(folder.resolve(name)))
                                        .collect(Collectors.joining(" or "))
                                + (checkpoints.size() > SHOWN
                                        ? " or another of its " + checkpoints.size() + " checkpoints"
                                        : ""));
    }

    /** Indices, and the files that are no shards of theirs. */
    private static List<String> candidates(List<String> names) {
        return names.stream()
                .filter(name -> name.endsWith(".index.json")
                        || (name.matches(".+\\.(safetensors|bin|pt|pth|ckpt)")
                                && !name.matches(".*-[0-9]{5}-of-[0-9]{5}\\.[a-z]+")))
                .toList();
    }
}
