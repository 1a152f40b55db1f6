package org.jtorch.distributed.checkpoint;

import java.io.IOException;
import java.lang.System.Logger;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.distributed.FolderIndex;

/**
 * A folder that becomes the checkpoint in one step after it was written. It is hidden. If
 * there is no folder of the checkpoint's name, it is beside that, and renamed. Otherwise it is in that folder, which may be another file
 * system's; its files, which have other names than those of the older checkpoint, are moved out of it, and then the index, whose
 * replacement is the step: before it, the older checkpoint is there, after it, the new one.
 */
final class NewFolder {

    private static final Logger LOG = System.getLogger(NewFolder.class.getName());

    private static final Pattern DATA = Pattern.compile("__[0-9]{1,9}_([0-9]{1,9})\\.distcp");

    private static final String MARK = ".jtorch-";
    private static final String END = ".tmp";

    private final Path target;
    private final Path folder;
    private final long number;

    private NewFolder(Path target, Path folder, long number) {
        this.target = target;
        this.folder = folder;
        this.number = number;
    }

    /** Creates a folder for the checkpoint {@code place}, and deletes those that killed processes have left. */
    static NewFolder create(Path place) throws IOException {
        Path target = place.toAbsolutePath().normalize();
        if (Files.exists(target)) {
            if (!Files.isDirectory(target)) {
                throw new CheckpointException(
                        place + ": is a file: a distributed checkpoint is a folder; give another name");
            }
            target = target.toRealPath();
        }
        Path parent = target.getParent();
        Path name = target.getFileName();
        if (parent == null || name == null) {
            throw new CheckpointException(place + ": cannot be a checkpoint: give a folder in another one");
        }
        Files.createDirectories(parent);
        String prefix = "." + name + MARK;
        deleteLeft(parent, prefix);
        boolean exists = Files.exists(target);
        if (exists) {
            deleteLeft(target, prefix);
        }
        Path folder = (exists ? target : parent)
                .resolve(prefix + Long.toHexString(ThreadLocalRandom.current().nextLong()) + END);
        Files.createDirectory(folder);
        return new NewFolder(target, folder, next(target));
    }

    private static void deleteLeft(Path folder, String prefix) throws IOException {
        for (Path left : list(folder)) {
            String text = String.valueOf(left.getFileName());
            if (text.startsWith(prefix) && text.endsWith(END)) {
                delete(left);
            }
        }
    }

    private static long next(Path target) throws IOException {
        long next = 0;
        for (Path file : Files.exists(target) ? list(target) : List.<Path>of()) {
            Matcher data = DATA.matcher(String.valueOf(file.getFileName()));
            next = data.matches() ? Math.max(next, Long.parseLong(data.group(1)) + 1) : next;
        }
        if (next > 999_999_999) {
            throw new CheckpointException(
                    target + ": has a file whose number is the greatest possible one: save to another folder");
        }
        return next;
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /** Returns the folder while it is written. */
    Path path() {
        return folder;
    }

    /** Returns the name of the file of a process. */
    static String file(int rank, long number) {
        return "__" + rank + "_" + number + ".distcp";
    }

    /** Returns the number in the names of this folder's files. */
    long number() {
        return number;
    }

    /** Writes the index, and makes this folder the checkpoint. */
    void commit(ByteBuffer index) throws IOException {
        Path written = folder.resolve(FolderIndex.NAME);
        try (FileChannel channel = FileChannel.open(written, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            while (index.hasRemaining()) {
                channel.write(index);
            }
            channel.force(true);
        }
        force(folder);
        if (Files.exists(target)) {
            replace(written);
        } else {
            Files.move(folder, target, StandardCopyOption.ATOMIC_MOVE);
            force(Objects.requireNonNull(target.getParent()));
        }
    }

    private void replace(Path index) throws IOException {
        List<Path> moved = new ArrayList<>();
        boolean done = false;
        try {
            for (Path file : list(folder)) {
                if (!file.equals(index)) {
                    Path to = target.resolve(String.valueOf(file.getFileName()));
                    Files.move(file, to, StandardCopyOption.ATOMIC_MOVE);
                    moved.add(to);
                }
            }
            force(target);
            Files.move(
                    index,
                    target.resolve(FolderIndex.NAME),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            done = true;
        } finally {
            if (!done) {
                moved.forEach(NewFolder::delete);
            }
        }
        force(target);
        deleteOlder(moved);
        delete(folder);
    }

    /** Deletes the files of the older checkpoint. The new one is in its place already, so that an error is only logged. */
    private void deleteOlder(List<Path> newer) {
        try {
            for (Path file : list(target)) {
                if (!newer.contains(file)
                        && DATA.matcher(String.valueOf(file.getFileName())).matches()) {
                    delete(file);
                }
            }
        } catch (IOException e) {
            LOG.log(
                    Logger.Level.WARNING,
                    target + ": was saved, but the files of the checkpoint before cannot be found to delete them",
                    e);
        }
    }

    /** Forces the names in a folder to the disk. */
    private static void force(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // some systems do not open folders; they keep the order of renames themselves
            LOG.log(Logger.Level.DEBUG, folder + ": cannot be forced to the disk", e);
        }
    }

    /** Deletes this folder, unless it has become the checkpoint. */
    void discard() {
        delete(folder);
    }

    private static void delete(Path path) {
        try {
            if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                list(path).forEach(NewFolder::delete);
            }
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.log(Logger.Level.WARNING, path + ": is not needed any more, but cannot be deleted", e);
        }
    }
}
