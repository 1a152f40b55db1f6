package org.jtorch.data;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.jtorch.Generator;

/**
 * What the code of a dataset can know about the worker of a {@link DataLoader} that runs it: PyTorch's {@code
 * torch.utils.data.get_worker_info()}.
 *
 * <p><b>Random numbers.</b> PyTorch's workers are processes, each with a default generator of its own. The workers of this
 * library are threads, which share one default generator. If they drew from it, results would depend on timing, and the random
 * numbers of the training would change. A dataset draws from {@link #currentGenerator()} instead:
 *
 * <pre>{@code
 * Tensor noise = Torch.randn(new long[] {3}, WorkerInfo.currentGenerator());
 * }</pre>
 *
 * <p>This generator begins anew with each batch, from a seed that depends on the seed of the epoch and the number of the batch. So
 * the numbers are the same with any number of workers, including none, and after a loader was saved and loaded in the middle of
 * an epoch. In the first batch of a worker the seed is {@link #seed}.
 *
 * @param id the number of the worker, from 0 to {@code numWorkers - 1}
 * @param numWorkers the number of workers
 * @param seed the seed that PyTorch gives this worker: a seed that the loader draws, plus {@code id}
 * @param dataset the dataset, a {@link Dataset} or {@link IterableDataset}, which all workers share
 * @see <a href="https://pytorch.org/docs/stable/data.html#torch.utils.data.get_worker_info">torch.utils.data.get_worker_info</a>
 */
public record WorkerInfo(int id, int numWorkers, long seed, Object dataset) {

    /** What the current thread reads. */
    static final class Reading {
        private final @Nullable WorkerInfo info;
        private @Nullable Generator generator;
        private long seed;
        private boolean seeded;

        Reading(@Nullable WorkerInfo info) {
            this.info = info;
        }

        /** Begins the random numbers of a batch. */
        void begin(long newSeed) {
            seed = newSeed;
            seeded = false;
        }

        private Generator generator() {
            Generator current = generator;
            if (current == null) {
                current = new Generator();
                generator = current;
            }
            if (!seeded) {
                seeded = true;
                current.manualSeed(seed);
            }
            return current;
        }

        /** Makes this what the current thread reads, and returns what it read before. */
        @Nullable
        Reading enter() {
            Reading before = CURRENT.get();
            CURRENT.set(this);
            return before;
        }

        /** Ends {@link #enter}, given what it returned. */
        static void exit(@Nullable Reading before) {
            if (before == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(before);
            }
        }
    }

    private static final ThreadLocal<@Nullable Reading> CURRENT = new ThreadLocal<>();

    /** Returns the worker whose thread calls this method; empty on other threads, as on that of a loader without workers. */
    public static Optional<WorkerInfo> current() {
        Reading reading = CURRENT.get();
        return reading == null ? Optional.empty() : Optional.ofNullable(reading.info);
    }

    /**
     * Returns the generator for the random numbers of a dataset or a collation, with workers or without. If the current thread
     * does not read a batch for a loader, this is the default generator.
     */
    public static Generator currentGenerator() {
        Reading reading = CURRENT.get();
        return reading == null ? Generator.defaultGenerator() : reading.generator();
    }
}
