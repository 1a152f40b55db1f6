package org.jtorch.serialize;

import java.io.IOException;
import java.lang.System.Logger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.options.Customized;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.file.AtomicFile;
import org.jtorch.serialize.internal.file.TemporaryFile;
import org.jtorch.serialize.internal.torch.TorchArchive;

/**
 * Numbered checkpoints of a training run in a folder: {@code checkpoint-120.pt}, or with a metric {@code
 * checkpoint-120-0.93.pt}. The manager keeps the newest few checkpoints, and the best one that is whole.
 *
 * <pre>{@code
 * try (CheckpointManager checkpoints = new CheckpointManager(folder, o -> o.keepLast(3).best(Best.HIGHEST))) {
 *     checkpoints.resume().ifPresent(saved -> {
 *         net.loadStateDict(saved.checkpoint().stateDict("model"));
 *         optimizer.loadStateDict(saved.checkpoint().optimizerState("optimizer"));
 *     });
 *     for (long step = ...) {
 *         ...
 *         checkpoints.save(step, Map.of("model", net.stateDict(), "optimizer", optimizer.stateDict()), accuracy);
 *     }
 * }
 * }</pre>
 *
 * <p>{@link #save} copies the tensors and returns; another thread writes the file, completely or not at all. If that fails,
 * the failure is logged, and the next call of any method of this class, including {@link #close}, throws it once. The
 * process does not end before the file is written, even after {@code System.exit} or a termination signal. If the calling
 * thread is interrupted, the save still takes place and is still waited for. Not safe for use by several threads.
 *
 * <p>If an old checkpoint cannot be deleted, a warning is logged, and the deletion is repeated after the next save.
 */
public final class CheckpointManager implements AutoCloseable {

    private static final Logger LOG = System.getLogger(CheckpointManager.class.getName());

    private static final Pattern NAME =
            Pattern.compile("checkpoint-(\\d{1,18})(?:-(-?[0-9.E+-]+|NaN|-?Infinity))?\\.pt");

    /** The order of metrics. */
    public enum Best {
        /** Checkpoints are not compared. */
        NONE,
        /** The greatest metric is the best, as for an accuracy. */
        HIGHEST,
        /** The least metric is the best, as for a loss. */
        LOWEST
    }

    /** The optional arguments of {@link CheckpointManager}. */
    public static final class Options {
        private int keepLast = 3;
        private Best best = Best.NONE;
        private boolean background = true;

        /**
         * Sets the number of the newest checkpoints to keep; the default is 3.
         *
         * @throws IllegalArgumentException if the number is not positive
         */
        public Options keepLast(int newKeepLast) {
            if (newKeepLast < 1) {
                throw new IllegalArgumentException("keepLast is " + newKeepLast + ", but must be at least 1");
            }
            keepLast = newKeepLast;
            return this;
        }

        /** Sets which checkpoint is kept in addition; the default is none. */
        public Options best(Best newBest) {
            best = newBest;
            return this;
        }

        /** Sets whether another thread writes the files; the default is true. */
        public Options background(boolean newBackground) {
            background = newBackground;
            return this;
        }
    }

    /**
     * A checkpoint that was found.
     *
     * @param step the number of the checkpoint
     * @param path the file
     * @param checkpoint the contents
     * @param skipped descriptions of newer checkpoints that are damaged
     */
    public record Saved(long step, Path path, Checkpoint checkpoint, List<String> skipped) {}

    /** A file in the folder. */
    private record Entry(long step, @Nullable Double metric, Path path) {}

    private final Path folder;
    private final Options options;
    private final Wholeness wholeness = new Wholeness();
    private @Nullable FutureTask<?> pending;
    private boolean closed;

    /** Creates a manager with the default options, as {@link #CheckpointManager(Path, Consumer)}. */
    public CheckpointManager(Path folder) {
        this(folder, o -> {});
    }

    /**
     * Creates a manager of the checkpoints in {@code folder}, which is created if it does not exist. Temporary files that
     * were left by killed processes are deleted.
     *
     * @throws CheckpointException if the folder cannot be created
     */
    public CheckpointManager(Path folder, Consumer<Options> customizer) {
        this.folder = folder;
        options = Customized.of(new Options(), customizer);
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new CheckpointException(folder + ": the folder cannot be created", e);
        }
        TemporaryFile.deleteLeftovers(folder);
    }

    /** Saves a checkpoint without a metric, as {@link #save(long, Object, double)}. Such a checkpoint is never the best. */
    public void save(long step, Object value) {
        save(step, value, null);
    }

    /**
     * Saves a checkpoint of the present values. If the previous checkpoint is still being written, this method waits for
     * it, so that there is at most one copy of the tensors in memory.
     *
     * @param step the number of the checkpoint, not negative; later checkpoints must have greater numbers
     * @param value as for {@link Checkpoint#save}
     * @param metric the metric by which the best checkpoint is chosen; NaN is never the best
     * @throws IllegalStateException if this manager is closed
     * @throws CheckpointException if the previous checkpoint could not be written; this one is not written then
     */
    public void save(long step, Object value, double metric) {
        save(step, value, (Double) metric);
    }

    private void save(long step, Object value, @Nullable Double metric) {
        if (step < 0) {
            throw new IllegalArgumentException("step is " + step + ", but must not be negative");
        }
        if (closed) {
            throw new IllegalStateException(
                    "the checkpoint manager of " + folder + " is closed: save before close(), or create a new manager");
        }
        await();
        Path path = folder.resolve("checkpoint-" + step + (metric == null ? "" : "-" + metric) + ".pt");
        Snapshot snapshot = Snapshot.of(value);
        pending = PendingSaves.start(() -> {
            write(step, path, snapshot);
            return path;
        });
        if (!options.background) {
            await();
        }
    }

    private void write(long step, Path path, Snapshot snapshot) {
        try (snapshot) {
            AtomicFile.write(path, channel -> snapshot.write(channel, TorchArchive.nameFor(path)));
        } catch (RuntimeException | Error e) {
            // also logged here, since no other method may be called any more
            LOG.log(Logger.Level.WARNING, path + ": the checkpoint was not saved", e);
            throw e;
        }
        try {
            wholeness.trust(path);
            deleteOld(step, path);
        } catch (RuntimeException e) {
            LOG.log(Logger.Level.WARNING, path + ": was saved, but old checkpoints next to it could not be read", e);
        }
    }

    /**
     * Waits until all checkpoints are written, even if the current thread is interrupted.
     *
     * @throws CheckpointException if the last one could not be written
     */
    public void await() {
        FutureTask<?> writing = pending;
        if (writing == null) {
            return;
        }
        try {
            PendingSaves.await(writing);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new CheckpointException(
                    "the last checkpoint was not saved: " + (cause == null ? e : cause).getMessage(), e);
        } finally {
            pending = null;
        }
    }

    /**
     * Returns the newest checkpoint that is whole. Every byte is read, and every checksum is compared.
     *
     * @return empty if there are no checkpoints
     * @throws CheckpointException if there are checkpoints, and all of them are damaged
     */
    public Optional<Saved> resume() {
        await();
        List<Entry> entries = entries();
        Collections.reverse(entries);
        return firstWhole(entries);
    }

    /**
     * Returns the checkpoint with the best metric that is whole, with the checks of {@link #resume}.
     *
     * @return empty if no checkpoint has a metric, or {@link Options#best} is not set
     * @throws CheckpointException if there are such checkpoints, and all of them are damaged
     */
    public Optional<Saved> best() {
        await();
        return firstWhole(byMetric(entries()));
    }

    private Optional<Saved> firstWhole(List<Entry> entries) {
        List<String> skipped = new ArrayList<>();
        for (Entry entry : entries) {
            try {
                Checkpoint.check(entry.path, o -> {});
                return Optional.of(
                        new Saved(entry.step, entry.path, Checkpoint.load(entry.path), List.copyOf(skipped)));
            } catch (CheckpointException e) {
                skipped.add(String.valueOf(e.getMessage()));
            }
        }
        if (!skipped.isEmpty()) {
            throw new CheckpointException(
                    folder + ": none of the checkpoints that were checked is whole: " + String.join("; ", skipped));
        }
        return Optional.empty();
    }

    /** Returns the files in the order of their steps. */
    public List<Path> files() {
        await();
        return entries().stream().map(Entry::path).toList();
    }

    /** Returns the files that have a metric, from the best to the worst; empty if {@link Options#best} is not set. */
    private List<Entry> byMetric(List<Entry> entries) {
        if (options.best == Best.NONE) {
            return List.of();
        }
        double sign = options.best == Best.HIGHEST ? -1 : 1;
        return entries.stream()
                .filter(e -> e.metric != null && !e.metric.isNaN())
                .sorted(Comparator.comparingDouble(e -> e.metric == null ? 0 : sign * e.metric))
                .toList();
    }

    /**
     * Returns the best checkpoint that is whole, and those with better metrics that are damaged, which are not deleted
     * silently.
     */
    private List<Entry> keptAsBest(List<Entry> entries) {
        List<Entry> kept = new ArrayList<>();
        for (Entry entry : byMetric(entries)) {
            kept.add(entry);
            if (wholeness.isWhole(entry.path)) {
                break;
            }
        }
        return kept;
    }

    private List<Entry> entries() {
        try (Stream<Path> files = Files.list(folder)) {
            List<Entry> entries = new ArrayList<>();
            files.forEach(path -> {
                Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
                if (name.matches()) {
                    String metric = name.group(2);
                    entries.add(new Entry(
                            Long.parseLong(name.group(1)), metric == null ? null : Double.valueOf(metric), path));
                }
            });
            entries.sort(Comparator.comparingLong(Entry::step));
            return entries;
        } catch (IOException e) {
            throw new CheckpointException(folder + ": the folder cannot be read", e);
        }
    }

    /** Deletes the checkpoints up to the one just written, except the newest few and the best; and others with its step. */
    private void deleteOld(long step, Path written) {
        List<Entry> entries = new ArrayList<>(entries());
        // a run that was resumed before a damaged checkpoint has later ones, which are not old
        entries.removeIf(entry -> entry.step > step);
        for (Entry entry : List.copyOf(entries)) {
            if (entry.step == step && !entry.path.equals(written)) {
                delete(entry);
                entries.remove(entry);
            }
        }
        List<Entry> best = keptAsBest(entries);
        for (Entry entry : entries.subList(0, Math.max(0, entries.size() - options.keepLast))) {
            if (!best.contains(entry)) {
                delete(entry);
            }
        }
    }

    private static void delete(Entry entry) {
        try {
            Files.deleteIfExists(entry.path);
        } catch (IOException e) {
            LOG.log(
                    Logger.Level.WARNING,
                    entry.path + ": the old checkpoint cannot be deleted; it is tried again after the next save",
                    e);
        }
    }

    /**
     * Waits for the checkpoint that is being written. After that, nothing can be saved, but saved checkpoints can still be
     * read.
     *
     * @throws CheckpointException if the checkpoint could not be written
     */
    @Override
    public void close() {
        closed = true;
        await();
    }
}
