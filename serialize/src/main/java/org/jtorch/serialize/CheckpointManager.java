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
import org.jtorch.serialize.internal.torch.TorchWriter;

/**
 * Numbered checkpoints of a training run in a folder: {@code checkpoint-120.pt}, with a metric {@code checkpoint-120-0.93.pt}. The
 * last few are kept, and the best that is whole.
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
 * <p>{@link #save} copies the tensors and returns; a thread writes the file, whole or not at all. If that fails, it is logged, and
 * the next call of any method here, {@link #close} included, throws what went wrong, once. The process does not end before the
 * file is written, not by {@code System.exit} or a termination signal either; an interrupt of the calling thread neither loses a
 * save nor shortens the wait for one. Not for several threads at once.
 *
 * <p>An old checkpoint that cannot be deleted is logged as a warning, and tried again after the next save.
 */
public final class CheckpointManager implements AutoCloseable {

    private static final Logger LOG = System.getLogger(CheckpointManager.class.getName());

    private static final Pattern NAME =
            Pattern.compile("checkpoint-(\\d{1,18})(?:-(-?[0-9.E+-]+|NaN|-?Infinity))?\\.pt");

    /** Which metric is the best. */
    public enum Best {
        /** Checkpoints are not compared. */
        NONE,
        /** The greatest, as of an accuracy. */
        HIGHEST,
        /** The least, as of a loss. */
        LOWEST
    }

    /** The optional arguments of {@link CheckpointManager}. */
    public static final class Options {
        private int keepLast = 3;
        private Best best = Best.NONE;
        private boolean background = true;

        /**
         * How many of the newest are kept; default 3.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Options keepLast(int newKeepLast) {
            if (newKeepLast < 1) {
                throw new IllegalArgumentException("keepLast is " + newKeepLast + ", but must be at least 1");
            }
            keepLast = newKeepLast;
            return this;
        }

        /** Which one is kept beside them; default none. */
        public Options best(Best newBest) {
            best = newBest;
            return this;
        }

        /** Whether a thread of its own writes; default true. */
        public Options background(boolean newBackground) {
            background = newBackground;
            return this;
        }
    }

    /**
     * A checkpoint that was found.
     *
     * @param step its number
     * @param path its file
     * @param checkpoint its content
     * @param skipped what was wrong with newer ones
     */
    public record Saved(long step, Path path, Checkpoint checkpoint, List<String> skipped) {}

    /** A file in the folder. */
    private record Entry(long step, @Nullable Double metric, Path path) {}

    private final Path folder;
    private final Options options;
    private final Wholeness wholeness = new Wholeness();
    private @Nullable FutureTask<?> pending;
    private boolean closed;

    /** {@link #CheckpointManager(Path, Consumer)} as it is by default. */
    public CheckpointManager(Path folder) {
        this(folder, o -> {});
    }

    /**
     * Checkpoints in {@code folder}, which is created if it is not there. Temporary files that killed processes have left in it
     * are deleted.
     *
     * @throws CheckpointException if it cannot be created
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

    /** {@link #save(long, Object, double)} without a metric: such a one is never the best. */
    public void save(long step, Object value) {
        save(step, value, null);
    }

    /**
     * Saves a checkpoint as it is now. Waits for the one before, where that is still being written: no more than one copy of the
     * tensors is in memory.
     *
     * @param step its number, not negative; a later one has a greater one
     * @param value as of {@link Checkpoint#save}
     * @param metric by which the best is chosen; NaN is never the best
     * @throws IllegalStateException if this manager is closed
     * @throws CheckpointException if the one before could not be written; this one is not written then
     */
    public void save(long step, Object value, double metric) {
        save(step, value, (Double) metric);
    }

    private void save(long step, Object value, @Nullable Double metric) {
        if (step < 0) {
            throw new IllegalArgumentException("step is " + step + ", but must not be negative");
        }
        if (closed) {
            throw new IllegalStateException("the checkpoint manager of " + folder
                    + " is closed, and saves nothing more: save before close(), or make a new one");
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
            AtomicFile.write(path, channel -> snapshot.write(channel, TorchWriter.archiveName(path)));
        } catch (RuntimeException | Error e) {
            // also here, for it may be that nobody calls anything more
            LOG.log(Logger.Level.WARNING, path + ": the checkpoint was not saved", e);
            throw e;
        }
        try {
            wholeness.trust(path);
            deleteOld(step, path);
        } catch (RuntimeException e) {
            LOG.log(
                    Logger.Level.WARNING,
                    path + ": was saved, but old checkpoints beside it could not be looked at",
                    e);
        }
    }

    /**
     * Returns once all is written, also if this thread is interrupted.
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
     * The newest checkpoint that is whole: every byte of it is read and every checksum compared.
     *
     * @return empty if there is none at all
     * @throws CheckpointException if there are some, and each is damaged
     */
    public Optional<Saved> resume() {
        await();
        List<Entry> entries = entries();
        Collections.reverse(entries);
        return firstWhole(entries);
    }

    /**
     * The checkpoint with the best metric that is whole, as {@link #resume} looks at it.
     *
     * @return empty where none has a metric, or none is asked for
     * @throws CheckpointException if there are some, and each is damaged
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
                    folder + ": none of its checkpoints that were tried is whole: " + String.join("; ", skipped));
        }
        return Optional.empty();
    }

    /** The files, from the least step to the greatest. */
    public List<Path> files() {
        await();
        return entries().stream().map(Entry::path).toList();
    }

    /** Those that have a metric, from the best to the worst; none where none is asked for. */
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

    /** The best that is whole; those before it, that claim to be better and are not, nobody is to lose without a look. */
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

    /** Of those up to the one just written, all but the last few and the best; of its own step, all but itself. */
    private void deleteOld(long step, Path written) {
        List<Entry> entries = new ArrayList<>(entries());
        // a run that began again after a damaged file has later ones before it: they are not what is old
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
     * Waits for what is being written. Nothing can be saved afterwards; what was saved can still be asked for.
     *
     * @throws CheckpointException if that could not be written
     */
    @Override
    public void close() {
        closed = true;
        await();
    }
}
