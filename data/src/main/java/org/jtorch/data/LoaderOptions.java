package org.jtorch.data;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.text.Warnings;

/** Checks the options of a loader, with PyTorch's messages. */
final class LoaderOptions {

    private LoaderOptions() {}

    static void check(DataLoader.Options options, boolean stream, boolean sameType) {
        require(
                options.numWorkers >= 0,
                "num_workers option should be non-negative; use num_workers=0 to disable multiprocessing.");
        require(!options.timeout.isNegative(), "timeout option should be non-negative");
        Integer prefetch = options.prefetchFactor;
        require(
                options.numWorkers > 0 || prefetch == null,
                "prefetch_factor option could only be specified in multiprocessing."
                        + "let num_workers > 0 to enable multiprocessing, otherwise set prefetch_factor to None.");
        require(prefetch == null || prefetch >= 0, "prefetch_factor option should be non-negative");
        require(prefetch == null || prefetch > 0, "prefetch_factor must be greater than 0");
        require(
                !options.persistentWorkers || options.numWorkers > 0,
                "persistent_workers option needs num_workers > 0");
        require(
                options.timeout.isZero() || options.numWorkers > 0,
                "timeout option needs num_workers > 0: without workers there is nothing to wait for");
        if (stream) {
            String expected = "DataLoader with IterableDataset: expected unspecified ";
            require(!options.shuffle, expected + "shuffle option, but got shuffle=True");
            require(options.sampler == null, expected + "sampler option, but got sampler=" + options.sampler);
            require(
                    options.batchSampler == null,
                    expected + "batch_sampler option, but got batch_sampler=" + options.batchSampler);
        }
        require(options.sampler == null || !options.shuffle, "sampler option is mutually exclusive with shuffle");
        Integer batchSize = options.batchSize;
        if (options.batchSampler != null) {
            require(
                    Objects.equals(batchSize, 1) && !options.shuffle && options.sampler == null && !options.dropLast,
                    "batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last");
        } else if (batchSize == null) {
            require(
                    !options.dropLast,
                    "batch_size=None option disables auto-batching and is mutually exclusive with drop_last");
            require(
                    sameType,
                    "batchSize(null) returns the examples as they are, so there is nothing to collate: use the"
                            + " constructor");
        } else {
            require(batchSize > 0, "batch_size should be a positive integer value, but got batch_size=" + batchSize);
        }
        int most = Runtime.getRuntime().availableProcessors();
        if (options.numWorkers > most) {
            Warnings.once(
                    DataLoader.class,
                    "This DataLoader will create " + options.numWorkers
                            + " worker threads in total. Our suggested max number"
                            + " of worker in current system is " + most
                            + ", which is smaller than what this DataLoader is going to create.");
        }
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Returns what examples become if there are no batches, in a loader whose batches have the type of an example. */
    @SuppressWarnings("unchecked") // checked: such a loader has one type
    static <T, B> Function<T, B> same() {
        return example -> (B) example;
    }

    /** Returns what must be equal for a state to fit. */
    static Map<String, Object> identity(DataLoader.Options options, @Nullable Dataset<?> dataset) {
        Map<String, Object> identity = new LinkedHashMap<>();
        if (dataset != null) {
            identity.put("dataset_size", (long) dataset.size());
        }
        if (options.batchSampler == null) {
            identity.put("batch_size", options.batchSize == null ? 0L : options.batchSize.longValue());
            identity.put("drop_last", options.dropLast);
        }
        identity.put("persistent_workers", options.persistentWorkers); // They draw fewer seeds.
        return identity;
    }

    static void checkIdentity(DataLoader.Options options, @Nullable Dataset<?> dataset, Map<?, ?> state) {
        identity(options, dataset).forEach((key, value) -> {
            Object saved = state.get(key);
            Object comparable = saved instanceof Number number ? (Object) number.longValue() : saved;
            require(
                    value.equals(comparable),
                    "the state does not fit this DataLoader: its " + key + " is " + saved + ", not " + value);
        });
    }

    /** Returns a copy of a state. */
    static Map<String, Object> copy(Map<?, ?> state) {
        return SavedEpoch.map(Map.of("state", state), "state");
    }
}
