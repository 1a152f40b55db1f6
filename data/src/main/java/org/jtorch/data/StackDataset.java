package org.jtorch.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.nn.internal.Records;

/**
 * Datasets side by side. Example {@code i} has example {@code i} of each, in a list, a map or a record.
 *
 * <pre>{@code
 * record Captioned(Tensor image, Tensor text) {}
 *
 * var stacked = StackDataset.of(Captioned.class, images, texts);
 * }</pre>
 *
 * @param <T> the type of an example
 * @see <a href="https://pytorch.org/docs/stable/data.html#torch.utils.data.StackDataset">torch.utils.data.StackDataset</a>
 */
public final class StackDataset<T> implements Dataset<T> {

    private final List<Dataset<?>> datasets;
    private final Function<@Nullable Object[], T> assemble;
    private final int size;

    private StackDataset(List<? extends Dataset<?>> datasets, Function<@Nullable Object[], T> assemble) {
        this.datasets = List.copyOf(datasets);
        this.assemble = assemble;
        if (this.datasets.isEmpty()) {
            throw new IllegalArgumentException("At least one dataset should be passed");
        }
        size = this.datasets.get(0).size();
        for (Dataset<?> dataset : this.datasets) {
            if (dataset.size() != size) {
                throw new IllegalArgumentException("Size mismatch between datasets: the sizes are "
                        + this.datasets.stream().map(Dataset::size).toList());
            }
        }
    }

    /**
     * Returns a dataset whose examples are lists with an example of each of {@code datasets}.
     *
     * @throws IllegalArgumentException if there is no dataset, or their sizes differ
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // List.of only reads the array.
    public static <E> StackDataset<List<E>> of(Dataset<? extends E>... datasets) {
        return new StackDataset<>(List.of(datasets), StackDataset::list);
    }

    @SuppressWarnings("unchecked") // The datasets return examples of this type.
    private static <E> List<E> list(@Nullable Object[] parts) {
        return (List<E>) new ArrayList<>(Arrays.asList(parts));
    }

    /**
     * Returns a dataset whose examples are maps with the keys of {@code datasets}.
     *
     * @throws IllegalArgumentException if there is no dataset, or their sizes differ
     */
    public static <E> StackDataset<Map<String, E>> of(Map<String, ? extends Dataset<? extends E>> datasets) {
        List<String> keys = List.copyOf(datasets.keySet());
        return new StackDataset<>(List.copyOf(datasets.values()), parts -> map(keys, parts));
    }

    @SuppressWarnings("unchecked") // The datasets return examples of this type.
    private static <E> Map<String, E> map(List<String> keys, @Nullable Object[] parts) {
        Map<String, E> example = new LinkedHashMap<>();
        for (int i = 0; i < parts.length; i++) {
            example.put(keys.get(i), (E) parts[i]);
        }
        return example;
    }

    /**
     * Returns a dataset whose examples are records.
     *
     * @param type the class of the records
     * @param datasets a dataset for each component of the record, in their order
     * @throws IllegalArgumentException if there is no dataset, their sizes differ, or the record has another number of
     *     components
     */
    public static <R extends Record> StackDataset<R> of(Class<R> type, Dataset<?>... datasets) {
        int components = Records.components(type).length;
        if (components != datasets.length) {
            throw new IllegalArgumentException("the record " + type.getSimpleName() + " has " + components
                    + " components, but there are " + datasets.length + " datasets");
        }
        return new StackDataset<>(List.of(datasets), parts -> type.cast(Records.make(type, parts)));
    }

    /** Returns the datasets. */
    public List<Dataset<?>> datasets() {
        return datasets;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public T get(int index) throws Exception {
        @Nullable Object[] parts = new Object[datasets.size()];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = ExampleException.get(datasets.get(i), index);
        }
        return assemble.apply(parts);
    }

    /**
     * Returns the examples at {@code indices}, which each dataset reads at once.
     *
     * @throws IllegalStateException if a dataset returns another number of examples
     */
    @Override
    public List<T> getAll(int[] indices) throws Exception {
        List<List<?>> columns = new ArrayList<>(datasets.size());
        for (Dataset<?> dataset : datasets) {
            List<?> column = dataset.getAll(indices);
            if (column.size() != indices.length) {
                throw new IllegalStateException("Nested dataset's output size mismatch. Expected " + indices.length
                        + ", got " + column.size() + ", from " + DataLoaderException.name(dataset));
            }
            columns.add(column);
        }
        List<T> examples = new ArrayList<>(indices.length);
        for (int row = 0; row < indices.length; row++) {
            @Nullable Object[] parts = new Object[columns.size()];
            for (int i = 0; i < parts.length; i++) {
                parts[i] = columns.get(i).get(row);
            }
            examples.add(assemble.apply(parts));
        }
        return examples;
    }
}
