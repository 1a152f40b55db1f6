package org.jtorch.serialize;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import org.jtorch.serialize.format.CheckpointException;

/** Remembers which files are whole. They are not read again unless somebody has written to them. */
final class Wholeness {

    private record State(long size, FileTime modified) {

        static State of(Path path) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new State(attributes.size(), attributes.lastModifiedTime());
        }
    }

    private final Map<Path, State> whole = new HashMap<>();

    /** Records that a file that was just written is whole. */
    void trust(Path path) {
        try {
            whole.put(path, State.of(path));
        } catch (IOException e) {
            throw new CheckpointException(path + ": was written, but cannot be read", e);
        }
    }

    /** Returns whether a file is whole. If this is not known, the file is read. */
    boolean isWhole(Path path) {
        try {
            State now = State.of(path);
            if (!now.equals(whole.get(path))) {
                Checkpoint.check(path, o -> {});
                whole.put(path, now);
            }
            return true;
        } catch (IOException | CheckpointException e) {
            whole.remove(path);
            return false;
        }
    }
}
