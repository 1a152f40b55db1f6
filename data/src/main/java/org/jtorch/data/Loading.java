package org.jtorch.data;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.nn.TensorTree;

/**
 * How batches are made: the dataset and the collation. It does not refer to the loader, so that the threads that use it do not
 * keep the loader alive.
 *
 * @param dataset the examples by index, or null for a stream
 * @param stream the stream, or null
 * @param collation makes a batch of examples
 * @param whole makes a batch of indices, or null if the dataset cannot
 * @param single makes what is returned of an example without batches
 * @param batchSize the number of examples of a batch of a stream, or null for no batches
 * @param dropLast whether a stream's last batch is left out if it is smaller
 * @param pinned whether tensors are copied into pinned memory
 */
record Loading<T, B>(
        @Nullable Dataset<T> dataset,
        @Nullable IterableDataset<T> stream,
        Function<List<T>, B> collation,
        @Nullable Whole<B> whole,
        Function<T, B> single,
        @Nullable Integer batchSize,
        boolean dropLast,
        boolean pinned) {

    /** Makes the batch of the examples at some indices at once. */
    @FunctionalInterface
    interface Whole<B> {
        B batch(int[] indices) throws Exception;
    }

    private static final class Pinning {
        static final Operator PIN = Operator.find("aten::pin_memory", "");
    }

    /** Returns the dataset or the stream. */
    Object source() {
        return dataset != null ? dataset : Objects.requireNonNull(stream);
    }

    /** Returns a new reader for one thread and one epoch. */
    Reader<B> reader() {
        return stream == null ? new Indexed() : new Streamed(stream);
    }

    /** Reads batches on one thread. */
    abstract static class Reader<B> implements AutoCloseable {

        /**
         * Returns the next batch, or null if a stream has ended. Tensors that were made meanwhile are freed, except those of the
         * batch, which {@code release} moves out of the scope.
         */
        @Nullable
        B read(int @Nullable [] indices, Consumer<Tensor> release) throws Exception {
            try (TensorScope scope = new TensorScope()) {
                B batch = make(indices);
                TensorTree.forEach(batch, tensor -> {
                    if (scope.owns(tensor)) {
                        release.accept(tensor);
                    }
                });
                return batch;
            }
        }

        abstract @Nullable B make(int @Nullable [] indices) throws Exception;

        /** Reads the examples of a batch of a stream, and drops them. */
        abstract void skip();

        @Override
        public abstract void close();
    }

    private B pin(B batch) {
        return pinned
                ? TensorTree.map(
                        batch,
                        t -> t.isCpu() ? (Tensor) Pinning.PIN.call(t, null).get(0) : t)
                : batch;
    }

    private B collate(List<T> examples, String of) {
        B batch = collation.apply(examples);
        if (batch == null) {
            throw new IllegalStateException("the collate function returned null for " + of);
        }
        return pin(batch);
    }

    private final class Indexed extends Reader<B> {

        @Override
        B make(int @Nullable [] indices) throws Exception {
            Dataset<T> source = Objects.requireNonNull(dataset);
            int[] of = Objects.requireNonNull(indices);
            if (batchSize == null) {
                T example = ExampleException.get(source, of[0]);
                if (example == null) {
                    throw new IllegalStateException("the example is null");
                }
                return pin(single.apply(example));
            }
            if (whole != null) {
                return pin(whole.batch(of));
            }
            List<T> examples = source.getAll(of);
            if (examples.size() != of.length) {
                throw new IllegalStateException(DataLoaderException.name(source) + ".getAll returned " + examples.size()
                        + " examples for " + of.length + " indices");
            }
            return collate(examples, "a batch");
        }

        @Override
        void skip() {}

        @Override
        public void close() {}
    }

    private final class Streamed extends Reader<B> {
        private final IterableDataset<T> source;
        private @Nullable Iterator<T> iterator;
        private boolean ended;

        Streamed(IterableDataset<T> source) {
            this.source = source;
        }

        @Override
        @Nullable
        B make(int @Nullable [] indices) {
            List<T> examples = take();
            if (examples.isEmpty()) {
                close();
                return null;
            }
            return batchSize == null ? pin(single.apply(examples.get(0))) : collate(examples, "a batch of the stream");
        }

        /** Returns the examples of a batch, or none at the end. */
        private List<T> take() {
            List<T> examples = new ArrayList<>();
            if (ended) {
                return examples;
            }
            Iterator<T> current = iterator;
            if (current == null) {
                current = source.iterator();
                iterator = current;
            }
            int size = batchSize == null ? 1 : batchSize;
            while (examples.size() < size && current.hasNext()) {
                examples.add(current.next());
            }
            ended = examples.size() < size;
            if (ended && dropLast) {
                examples.clear();
            }
            return examples;
        }

        @Override
        void skip() {
            try (TensorScope scope = new TensorScope()) {
                take();
            }
        }

        @Override
        public void close() {
            ended = true;
            Iterator<T> open = iterator;
            iterator = null;
            Streams.close(open);
        }
    }
}
