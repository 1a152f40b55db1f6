package org.jtorch.data;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.Cuda;
import org.jtorch.Generator;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.Warnings;
import org.jtorch.nn.state.Stateful;

/**
 * The examples of a dataset in batches. Each {@code for} loop is an epoch.
 *
 * <pre>{@code
 * var loader = new DataLoader<>(new TensorDataset(images, labels), o -> o.batchSize(32).shuffle(true));
 * for (List<Tensor> batch : loader) {
 *     Tensor x = batch.get(0), y = batch.get(1);
 * }
 * }</pre>
 *
 * <p>Under the same seed, the order of the examples is that of PyTorch.
 *
 * <p><b>The type of a batch.</b> The constructors make batches of the type of an example, as {@link Collate#defaultCollate}
 * does: of records of tensors, a record of the same class. {@link #of(Dataset, Class, Consumer)} makes batches of another type, and
 * {@link #of(Dataset, Function, Consumer)} those of your own function.
 *
 * <p><b>Workers</b> are threads. They call the dataset and the collation, and read ahead. The order of the batches, and what
 * {@link WorkerInfo#currentGenerator()} returns, depend neither on their number nor on timing. The iterator closes itself at the
 * end of the epoch. After a {@code break} the threads end as soon as the collector finds the iterator unreachable; {@link
 * CloseableIterator#close} ends them at once, except one that is inside of the dataset.
 *
 * <p><b>Memory.</b> A batch belongs to no {@link org.jtorch.TensorScope}, also if the loop is inside of one: it is freed by
 * {@code close()} or the collector. All other tensors that are made for it are freed at once.
 *
 * <p><b>Threads.</b> A loader and its iterators belong to one thread at a time.
 *
 * @param <B> the type of a batch
 * @see <a href="https://pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader">torch.utils.data.DataLoader</a>
 */
public final class DataLoader<B> implements Iterable<B>, Stateful {

    /** The number of batches that each worker reads ahead if it is not set. */
    static final int PREFETCH = 2;

    /**
     * How far the seeds of the epochs of persistent workers, which draw only one, are apart. The engine's generator takes the lower
     * 32 bits of a seed.
     */
    private static final long EPOCH_STEP = 0x9E3779B97F4A7C15L;

    /** The optional arguments of {@link DataLoader}. */
    public static final class Options {
        @Nullable
        Integer batchSize = 1;

        boolean shuffle;

        @Nullable
        Sampler<Integer> sampler;

        @Nullable
        Sampler<int[]> batchSampler;

        int numWorkers;
        boolean pinMemory;
        boolean dropLast;
        Duration timeout = Duration.ZERO;

        @Nullable
        Consumer<WorkerInfo> workerInit;

        @Nullable
        Generator generator;

        @Nullable
        Integer prefetchFactor;

        boolean persistentWorkers;
        boolean inOrder = true;

        private Options() {}

        /** Sets the number of examples of a batch; the default is 1. With null, examples are returned as they are. */
        public Options batchSize(@Nullable Integer newBatchSize) {
            batchSize = newBatchSize;
            return this;
        }

        /** Sets whether each epoch has a new random order; the default is false. */
        public Options shuffle(boolean newShuffle) {
            shuffle = newShuffle;
            return this;
        }

        /** Sets the order of the examples, instead of {@link #shuffle}. */
        public Options sampler(Sampler<Integer> newSampler) {
            sampler = newSampler;
            return this;
        }

        /** Sets the indices of each batch, instead of {@link #batchSize}, {@link #shuffle} and {@link #dropLast}. */
        public Options batchSampler(Sampler<int[]> newBatchSampler) {
            batchSampler = newBatchSampler;
            return this;
        }

        /** Sets the number of threads that make batches; the default 0 makes them on the thread that takes them. */
        public Options numWorkers(int newNumWorkers) {
            numWorkers = newNumWorkers;
            return this;
        }

        /**
         * Sets whether the tensors of a batch are copied into pinned memory, from which copies to a GPU are faster; the default
         * is false. Without a GPU this only logs a warning, as in PyTorch.
         */
        public Options pinMemory(boolean newPinMemory) {
            pinMemory = newPinMemory;
            return this;
        }

        /** Sets whether a last batch with fewer examples is left out; the default is false. */
        public Options dropLast(boolean newDropLast) {
            dropLast = newDropLast;
            return this;
        }

        /** Sets how long to wait for a batch of a worker; the default zero has no limit. */
        public Options timeout(Duration newTimeout) {
            timeout = newTimeout;
            return this;
        }

        /** Sets what each worker calls once, on its thread, before it reads. */
        public Options workerInit(Consumer<WorkerInfo> newWorkerInit) {
            workerInit = newWorkerInit;
            return this;
        }

        /** Sets the source of the order and of the workers' seeds; the default is the default generator. */
        public Options generator(Generator newGenerator) {
            generator = newGenerator;
            return this;
        }

        /** Sets the number of batches that each worker reads ahead; the default is 2. */
        public Options prefetchFactor(int newPrefetchFactor) {
            prefetchFactor = newPrefetchFactor;
            return this;
        }

        /** Sets whether the workers stay for the next epoch; the default is false. */
        public Options persistentWorkers(boolean newPersistentWorkers) {
            persistentWorkers = newPersistentWorkers;
            return this;
        }

        /**
         * Sets whether batches come in the order of the sampler; the default is true. If false, a batch comes as soon as a worker
         * has made it, so that a slow one does not stop the others.
         */
        public Options inOrder(boolean newInOrder) {
            inOrder = newInOrder;
            return this;
        }
    }

    private final Loading<?, B> loading;
    private final Options options;
    private final @Nullable Sampler<Integer> sampler;

    /** The indices of the batches; without batches, of each example; null for a stream. */
    private final @Nullable Sampler<int[]> batches;

    private @Nullable Position position;
    private @Nullable Resumption resumption;
    private @Nullable WorkerPool<B> persistent;

    /** The seed that the first epoch of persistent workers drew. */
    private @Nullable Long persistentSeed;

    private long persistentEpochs;

    /** What {@link #loadStateDict} has read for the next epoch. */
    private record Resumption(SavedEpoch epoch, Map<String, Object> state) {}

    // --- creation ----------------------------------------------------------------------------------------------

    /** Creates a loader of single examples in their order. */
    public DataLoader(Dataset<B> dataset) {
        this(dataset, o -> {});
    }

    /**
     * Creates a loader whose batches have the type of an example.
     *
     * @throws IllegalArgumentException if options contradict each other
     */
    public DataLoader(Dataset<B> dataset, Consumer<Options> customizer) {
        this(dataset, null, Collate::defaultCollate, whole(dataset), Customized.of(new Options(), customizer), true);
    }

    /** Creates a loader of single examples of a stream. */
    public DataLoader(IterableDataset<B> dataset) {
        this(dataset, o -> {});
    }

    /**
     * Creates a loader of a stream, whose batches have the type of an example.
     *
     * @throws IllegalArgumentException if options contradict each other
     */
    public DataLoader(IterableDataset<B> dataset, Consumer<Options> customizer) {
        this(null, dataset, Collate::defaultCollate, null, Customized.of(new Options(), customizer), true);
    }

    /**
     * Returns a loader whose batches are of a given type, as {@link Collate#into} makes them. For examples with numbers, declare a
     * record for the batches:
     *
     * <pre>{@code
     * record Item(Tensor image, int label) {}
     * record Batch(Tensor image, Tensor label) {}
     *
     * var loader = DataLoader.of(items, Batch.class, o -> o.batchSize(32));
     * }</pre>
     *
     * @throws IllegalArgumentException if options contradict each other
     */
    public static <T, B> DataLoader<B> of(Dataset<T> dataset, Class<B> type, Consumer<Options> customizer) {
        Loading.Whole<B> whole = dataset instanceof BatchedDataset<T> batched
                ? indices -> Collate.convert(type, batched.getBatch(indices))
                : null;
        return new DataLoader<>(
                dataset,
                null,
                examples -> Collate.into(type, examples),
                whole,
                Customized.of(new Options(), customizer),
                false);
    }

    /** Returns a loader of a stream, as {@link #of(Dataset, Class, Consumer)}. */
    public static <T, B> DataLoader<B> of(IterableDataset<T> dataset, Class<B> type, Consumer<Options> customizer) {
        return new DataLoader<>(
                null,
                dataset,
                examples -> Collate.into(type, examples),
                null,
                Customized.of(new Options(), customizer),
                false);
    }

    /**
     * Returns a loader whose batches a function makes: PyTorch's {@code collate_fn}.
     *
     * @param collate makes a batch of a list of examples; workers call it on their threads. The tensors of the batch are found as
     *     in {@link org.jtorch.nn.TensorTree}: in records, lists, maps and arrays
     * @throws IllegalArgumentException if options contradict each other
     */
    public static <T, B> DataLoader<B> of(
            Dataset<T> dataset, Function<? super List<T>, ? extends B> collate, Consumer<Options> customizer) {
        return new DataLoader<>(dataset, null, collate::apply, null, Customized.of(new Options(), customizer), false);
    }

    /** Returns a loader of a stream, as {@link #of(Dataset, Function, Consumer)}. */
    public static <T, B> DataLoader<B> of(
            IterableDataset<T> dataset, Function<? super List<T>, ? extends B> collate, Consumer<Options> customizer) {
        return new DataLoader<>(null, dataset, collate::apply, null, Customized.of(new Options(), customizer), false);
    }

    private static <T> Loading.@Nullable Whole<T> whole(Dataset<T> dataset) {
        return dataset instanceof BatchedDataset<T> batched ? batched::getBatch : null;
    }

    private <T> DataLoader(
            @Nullable Dataset<T> dataset,
            @Nullable IterableDataset<T> stream,
            Function<List<T>, B> collation,
            Loading.@Nullable Whole<B> whole,
            Options options,
            boolean sameType) {
        LoaderOptions.check(options, stream != null, sameType);
        this.options = options;
        if (dataset == null) {
            sampler = null;
            batches = null;
        } else {
            sampler = sampler(dataset, options);
            batches = options.batchSampler != null
                    ? options.batchSampler
                    : new BatchSampler(sampler, options.batchSize == null ? 1 : options.batchSize, options.dropLast);
        }
        boolean pinned = options.pinMemory && Cuda.isAvailable();
        if (options.pinMemory && !pinned) {
            Warnings.once(
                    DataLoader.class,
                    "'pin_memory' argument is set as true but no accelerator is found, then device pinned memory won't be"
                            + " used.");
        }
        loading = new Loading<>(
                dataset,
                stream,
                collation,
                whole,
                LoaderOptions.same(),
                options.batchSampler != null ? Integer.valueOf(1) : options.batchSize,
                options.dropLast,
                pinned);
    }

    private static Sampler<Integer> sampler(Dataset<?> dataset, Options options) {
        if (options.sampler != null) {
            return options.sampler;
        }
        if (options.shuffle) {
            Generator generator = options.generator;
            return generator == null
                    ? new RandomSampler(dataset)
                    : new RandomSampler(dataset, o -> o.generator(generator));
        }
        return new SequentialSampler(dataset);
    }

    // --- what it is --------------------------------------------------------------------------------------------

    /**
     * Returns the number of batches of an epoch: PyTorch's {@code len(loader)}. For a stream it is what follows from the size of
     * the dataset, whatever its workers return.
     *
     * @throws UnsupportedOperationException if the dataset is a stream that does not know its size
     */
    public int size() {
        if (batches != null) {
            return batches.size();
        }
        int examples = Objects.requireNonNull(loading.stream()).size();
        if (options.batchSize == null) {
            return examples;
        }
        int full = examples / options.batchSize;
        return options.dropLast || examples % options.batchSize == 0 ? full : full + 1;
    }

    /** Returns the dataset: a {@link Dataset} or an {@link IterableDataset}. */
    public Object dataset() {
        return loading.source();
    }

    /** Returns the order of the examples; null for a stream. */
    public @Nullable Sampler<Integer> sampler() {
        return sampler;
    }

    // --- an epoch ----------------------------------------------------------------------------------------------

    /**
     * Begins an epoch, or continues the one that {@link #loadStateDict} restored. With workers, they begin to read at once.
     *
     * <p>{@code next} throws a {@link DataLoaderException} if a batch cannot be made; so does {@code hasNext} for a stream.
     */
    @Override
    public CloseableIterator<B> iterator() {
        Resumption resumed = resumption;
        LoaderRandom random = new LoaderRandom(options.generator, batches);
        Map<String, Object> now = random.state();
        Map<String, Object> start = now;
        Position begun;
        IndexSource indices;
        if (resumed == null) {
            begun = begin(start, draw());
            indices = batches == null ? null : new IndexSource(batches.iterator(), begun);
        } else {
            SavedEpoch saved = resumed.epoch();
            start = saved.random();
            random.load(start);
            try {
                if (saved.drewSeed()) {
                    Draws.seed(options.generator);
                }
                begun = new Position(start, saved.seed(), saved.drewSeed(), Math.max(1, options.numWorkers));
                begun.resume(saved);
                indices = batches == null ? null : new IndexSource(batches.iterator(), begun);
                if (indices != null) {
                    indices.replay(saved);
                }
            } finally {
                random.load(now);
            }
            resumption = null;
        }
        position = begun;
        return options.numWorkers == 0
                ? new InlineIteration<>(loading.reader(), indices, begun)
                : withWorkers(indices, begun);
    }

    private Position begin(Map<String, Object> start, long drawn) {
        boolean drew = !options.persistentWorkers || persistentEpochs == 0;
        long seed = options.persistentWorkers ? drawn + persistentEpochs++ * EPOCH_STEP : drawn;
        return new Position(start, seed, drew, Math.max(1, options.numWorkers));
    }

    /** Returns a seed for an epoch. Persistent workers keep their first, as in PyTorch. */
    private long draw() {
        Long kept = persistentSeed;
        if (kept != null) {
            return kept;
        }
        long drawn = Draws.seed(options.generator);
        if (options.persistentWorkers) {
            persistentSeed = drawn;
        }
        return drawn;
    }

    private CloseableIterator<B> withWorkers(@Nullable IndexSource indices, Position begun) {
        WorkerPool<B> pool = persistent;
        if (pool == null) {
            long seed = persistentSeed == null ? begun.seed : persistentSeed;
            pool = new WorkerPool<>(loading, options.numWorkers, seed, options.workerInit);
            if (options.persistentWorkers) {
                persistent = pool;
                WorkerPool<B> closed = pool;
                WorkerPool.CLEANER.register(this, closed::close);
            }
        }
        long[] skip = new long[options.numWorkers];
        for (int worker = 0; indices == null && worker < skip.length; worker++) {
            skip[worker] = begun.batches(worker);
        }
        WorkerPool<B>.Epoch epoch = pool.begin(begun.seed, indices == null, options.inOrder, skip);
        return new WorkerIteration<>(this, pool, epoch, indices, begun, options);
    }

    // --- the state ---------------------------------------------------------------------------------------------

    /**
     * Returns where the loader is: the random numbers from which the order of the epoch can be drawn again, and how many batches
     * the latest iterator has delivered. Batches that workers have read ahead are not counted. It can be saved in a checkpoint.
     *
     * <p>If the loader has no generator of its own, the state of the default generator is in it.
     */
    @Override
    public Map<String, Object> stateDict() {
        Resumption pending = resumption;
        if (pending != null) {
            return pending.state();
        }
        Map<String, Object> state = new LinkedHashMap<>(LoaderOptions.identity(options, loading.dataset()));
        state.put("random", new LoaderRandom(options.generator, batches).state());
        if (persistentSeed != null) {
            state.put("persistent_seed", persistentSeed);
            state.put("persistent_epochs", persistentEpochs);
        }
        Position current = position;
        if (current != null && !current.isFinished()) {
            state.put("epoch", current.stateDict());
        }
        return state;
    }

    /**
     * Restores what {@link #stateDict} returned. The next iterator delivers what remained of the epoch, in the same order and
     * with the same random numbers; the epochs after it are those of the loader that was saved. The number of workers may be
     * another one, except for a stream. A stream is read again from its beginning, and what was delivered is dropped.
     *
     * <p>The generator of the loader, the default generator if it has none, gets the state that it had. An iterator that is in
     * use is not affected.
     *
     * @throws IllegalArgumentException if the state is not one of a loader, or is one of a loader with another size of the
     *     dataset or of the batches; the loader is then unchanged
     */
    @Override
    public void loadStateDict(Map<?, ?> state) {
        LoaderOptions.checkIdentity(options, loading.dataset(), state);
        Map<String, Object> now = SavedEpoch.map(state, "random");
        SavedEpoch saved =
                state.containsKey("epoch") ? SavedEpoch.of(SavedEpoch.value(state, "epoch", Map.class)) : null;
        if (saved != null && batches == null && saved.batches().size() != Math.max(1, options.numWorkers)) {
            throw new IllegalArgumentException("the state is that of a stream with "
                    + saved.batches().size() + " workers, and this loader has " + Math.max(1, options.numWorkers)
                    + ": the examples of each worker can only be continued with the same number");
        }
        Long seed =
                state.containsKey("persistent_seed") ? Long.valueOf(SavedEpoch.number(state, "persistent_seed")) : null;
        long epochs = seed == null ? 0 : SavedEpoch.number(state, "persistent_epochs");
        LoaderRandom random = new LoaderRandom(options.generator, batches);
        random.check(now);
        if (saved != null) {
            random.check(saved.random());
        }
        random.load(now);
        if (persistent != null) {
            persistent.close(); // its workers know another seed
            persistent = null;
        }
        persistentSeed = options.persistentWorkers ? seed : null;
        persistentEpochs = options.persistentWorkers ? epochs : 0;
        position = null;
        resumption = saved == null ? null : new Resumption(saved, LoaderOptions.copy(state));
    }
}
