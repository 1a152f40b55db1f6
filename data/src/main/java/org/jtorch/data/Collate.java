package org.jtorch.data;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.nn.internal.Records;

/**
 * Makes one batch of several examples.
 *
 * <table>
 * <caption>What becomes of the values of an example</caption>
 * <tr><th>value</th><th>in the batch</th></tr>
 * <tr><td>{@link Tensor}</td><td>a tensor with a new first dimension</td></tr>
 * <tr><td>a whole number</td><td>an int64 tensor</td></tr>
 * <tr><td>{@link Double}</td><td>a float64 tensor, as for Python's numbers</td></tr>
 * <tr><td>{@link Float}</td><td>a float32 tensor</td></tr>
 * <tr><td>{@link Boolean}</td><td>a bool tensor</td></tr>
 * <tr><td>an array of numbers or booleans</td><td>a tensor of the array's dtype, with a new first dimension</td></tr>
 * <tr><td>{@link String}</td><td>the list of the strings</td></tr>
 * <tr><td>a record, list or map</td><td>one of the same kind, with each part collated</td></tr>
 * </table>
 *
 * @see <a
 *     href="https://pytorch.org/docs/stable/data.html#torch.utils.data.default_collate">torch.utils.data.default_collate</a>
 */
public final class Collate {

    private Collate() {}

    /**
     * Returns the batch of {@code examples}, which has the same type as an example: a tensor, or a record, list or map.
     *
     * @param examples at least one example
     * @throws IllegalArgumentException if the examples cannot be collated, or have different shapes; the message says where. An
     *     example that is a single number or string has a batch of another type, and a record with numbers cannot hold their
     *     tensor: {@link #into} makes batches of another type
     */
    @SuppressWarnings("unchecked") // checked below
    public static <T> T defaultCollate(List<? extends T> examples) {
        Object first = first(examples);
        Object batch = collate(examples, "", null);
        if (!(first instanceof Tensor || first instanceof Record || first instanceof List || first instanceof Map)) {
            throw new IllegalArgumentException("the batch of examples of type " + DataLoaderException.name(first)
                    + " has type " + DataLoaderException.name(batch)
                    + ": say so by DataLoader.of(dataset, Tensor.class, …), or for strings List.class");
        }
        return (T) batch;
    }

    /**
     * Returns the batch of {@code examples} as a {@code type}.
     *
     * @param type the class of the batch. If it is a record class, the parts of the examples become its components: those of a
     *     record or a map by their names, those of a list in order. Otherwise it is the class of what the table above says
     * @param examples at least one example
     * @throws IllegalArgumentException if the examples cannot be collated, or their batch is not a {@code type}
     */
    public static <B> B into(Class<B> type, List<?> examples) {
        return cast(type, collate(examples, "", type));
    }

    /** Returns a batch that was collated already as a {@code type}. */
    static <B> B convert(Class<B> type, Object batch) {
        if (type.isRecord() && batch instanceof List<?> parts) {
            RecordComponent[] components = Records.components(type);
            checkCount(type, components.length, parts.size(), "");
            return cast(type, Records.make(type, parts.toArray()));
        }
        return cast(type, batch);
    }

    private static <B> B cast(Class<B> type, Object batch) {
        if (!type.isInstance(batch)) {
            throw new IllegalArgumentException(
                    "the type of the batch is " + DataLoaderException.name(batch) + ", not " + type.getSimpleName());
        }
        return type.cast(batch);
    }

    private static <T> T first(List<T> examples) {
        if (examples.isEmpty()) {
            throw new IllegalArgumentException("there is no example to collate");
        }
        return examples.get(0);
    }

    /**
     * Returns the collated values.
     *
     * @param place where the values are in the examples, for messages: {@code .box[2]}
     * @param target the type that is needed; it only matters if it is a record class
     */
    private static Object collate(List<?> values, String place, @Nullable Class<?> target) {
        Object first = first(values);
        if (first instanceof Tensor) {
            return stack(all(values, Tensor.class, place), place);
        } else if (first instanceof Boolean) {
            return Torch.tensor(booleans(all(values, Boolean.class, place)));
        } else if (first instanceof Number) {
            return numbers(all(values, Number.class, place), place);
        } else if (first instanceof String) {
            return new ArrayList<>(all(values, String.class, place));
        } else if (first instanceof Record node) {
            return records(all(values, node.getClass(), place), place, target);
        } else if (first instanceof List) {
            return lists(values, place, target);
        } else if (first instanceof Map) {
            return maps(values, place, target);
        } else if (isTensorArray(first)) {
            List<Tensor> tensors = new ArrayList<>(values.size());
            for (Object array : all(values, first.getClass(), place)) {
                tensors.add(Torch.tensor(array, TensorOptions.DEFAULT));
            }
            return stack(tensors, place);
        }
        throw new IllegalArgumentException(
                "default_collate: batch must contain tensors, arrays, numbers, strings, records,"
                        + " maps or lists; found "
                        + (first == null ? "null" : first.getClass().getName()) + at(place)
                        + ": give the loader a collate function");
    }

    private static String at(String place) {
        return place.isEmpty() ? "" : " at " + place;
    }

    /** Returns the values after checking that each has the type of the first. */
    @SuppressWarnings("unchecked") // checked one by one
    private static <V> List<V> all(List<?> values, Class<? extends V> type, String place) {
        for (int i = 0; i < values.size(); i++) {
            Object value = values.get(i);
            if (!type.isInstance(value)) {
                throw new IllegalArgumentException(
                        "example 0 of the batch has type " + type.getSimpleName() + at(place) + ", but example " + i
                                + " is " + (value == null ? "null" : "of type " + DataLoaderException.name(value)));
            }
        }
        return (List<V>) values;
    }

    private static Tensor stack(List<Tensor> tensors, String place) {
        Tensor first = tensors.get(0);
        if (first.isNested() || first.layout() != Layout.STRIDED) {
            throw new IllegalArgumentException("Batches of " + (first.isNested() ? "nested" : "sparse")
                    + " tensors are not currently supported by the default collate_fn" + at(place)
                    + "; please provide a custom collate_fn to handle them appropriately.");
        }
        long[] shape = first.shape();
        for (int i = 1; i < tensors.size(); i++) {
            if (!Arrays.equals(shape, tensors.get(i).shape())) {
                throw new IllegalArgumentException("stack expects each tensor to be equal size, but got " + first.size()
                        + " at entry 0 and " + tensors.get(i).size() + " at entry " + i
                        + (place.isEmpty() ? "" : ", at " + place)
                        + ": pad or crop the examples, or give the loader a collate function");
            }
        }
        return Torch.stack(tensors);
    }

    private static boolean[] booleans(List<Boolean> values) {
        boolean[] array = new boolean[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = values.get(i);
        }
        return array;
    }

    private static Tensor numbers(List<Number> values, String place) {
        Number first = values.get(0);
        boolean whole = isWhole(first);
        if (!whole && !(first instanceof Double) && !(first instanceof Float)) {
            throw new IllegalArgumentException("default_collate: a "
                    + first.getClass().getName() + at(place) + " has no dtype: make it a double or a long");
        }
        for (Number value : values) {
            if (isWhole(value) != whole || (!whole && value.getClass() != first.getClass())) {
                throw new IllegalArgumentException("the numbers" + at(place) + " have different types: "
                        + DataLoaderException.name(first) + " and " + DataLoaderException.name(value));
            }
        }
        if (whole) {
            return Torch.tensor(values.stream().mapToLong(Number::longValue).toArray());
        }
        double[] array = values.stream().mapToDouble(Number::doubleValue).toArray();
        return Torch.tensor(array, first instanceof Float ? DType.FLOAT32 : DType.FLOAT64);
    }

    private static boolean isWhole(Number value) {
        return value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte;
    }

    private static boolean isTensorArray(@Nullable Object value) {
        if (value == null) {
            return false;
        }
        Class<?> type = value.getClass();
        while (type.isArray()) {
            type = type.getComponentType();
        }
        return value.getClass().isArray() && type.isPrimitive() && type != char.class;
    }

    private static Object lists(List<?> values, String place, @Nullable Class<?> target) {
        List<List<?>> lists = new ArrayList<>();
        for (Object value : all(values, List.class, place)) {
            lists.add((List<?>) value);
        }
        int size = lists.get(0).size();
        for (int i = 0; i < lists.size(); i++) {
            if (lists.get(i).size() != size) {
                throw new IllegalArgumentException("each element in list of batch should be of equal size" + at(place)
                        + ": example 0 has " + size + " elements, and example " + i + " has "
                        + lists.get(i).size());
            }
        }
        Class<?> record = target != null && target.isRecord() ? target : null;
        RecordComponent[] components = record == null ? new RecordComponent[0] : Records.components(record);
        if (record != null) {
            checkCount(record, components.length, size, place);
        }
        @Nullable Object[] parts = new Object[size];
        for (int at = 0; at < size; at++) {
            List<Object> column = new ArrayList<>(lists.size());
            for (List<?> list : lists) {
                column.add(list.get(at));
            }
            parts[at] = collate(column, place + "[" + at + "]", record == null ? null : components[at].getType());
        }
        if (record != null) {
            return make(record, components, parts, place);
        }
        return new ArrayList<>(Arrays.asList(parts));
    }

    private static void checkCount(Class<?> target, int components, int parts, String place) {
        if (components != parts) {
            throw new IllegalArgumentException("the record " + target.getSimpleName() + " has " + components
                    + " components, but the examples have " + parts + " parts" + at(place));
        }
    }

    private static Object maps(List<?> values, String place, @Nullable Class<?> target) {
        Map<?, ?> first = (Map<?, ?>) values.get(0);
        for (int i = 0; i < values.size(); i++) {
            if (!(values.get(i) instanceof Map<?, ?> map) || !map.keySet().equals(first.keySet())) {
                throw new IllegalArgumentException(
                        "the maps" + at(place) + " have different keys: those of example 0 are "
                                + first.keySet() + ", and example " + i + " has "
                                + (values.get(i) instanceof Map<?, ?> map ? map.keySet() : values.get(i)));
            }
        }
        Map<Object, Object> columns = new LinkedHashMap<>();
        for (Object key : first.keySet()) {
            List<Object> column = new ArrayList<>(values.size());
            for (Object value : values) {
                column.add(((Map<?, ?>) value).get(key));
            }
            columns.put(key, column);
        }
        if (target != null && target.isRecord()) {
            return named(columns, place, target);
        }
        columns.replaceAll((key, column) -> collate((List<?>) column, place + "." + key, null));
        return columns;
    }

    private static Object records(List<? extends Record> values, String place, @Nullable Class<?> target) {
        RecordComponent[] components = Records.components(values.get(0).getClass());
        Map<Object, Object> columns = new LinkedHashMap<>();
        List<List<@Nullable Object>> lists = new ArrayList<>(components.length);
        for (RecordComponent component : components) {
            List<@Nullable Object> column = new ArrayList<>(values.size());
            lists.add(column);
            columns.put(component.getName(), column);
        }
        for (Record value : values) {
            @Nullable Object[] parts = Records.values(value);
            for (int i = 0; i < parts.length; i++) {
                lists.get(i).add(parts[i]);
            }
        }
        return named(
                columns,
                place,
                target != null && target.isRecord() ? target : values.get(0).getClass());
    }

    /** Returns a record whose components are the collated columns of the same names. */
    private static Object named(Map<Object, Object> columns, String place, Class<?> target) {
        RecordComponent[] components = Records.components(target);
        @Nullable Object[] parts = new Object[components.length];
        for (int i = 0; i < parts.length; i++) {
            String name = components[i].getName();
            if (!(columns.get(name) instanceof List<?> column)) {
                throw new IllegalArgumentException("the record " + target.getSimpleName() + " has a component " + name
                        + ", but the examples" + at(place) + " have only " + columns.keySet());
            }
            parts[i] = collate(column, place + "." + name, components[i].getType());
        }
        if (components.length != columns.size()) {
            throw new IllegalArgumentException("the examples" + at(place) + " have the parts " + columns.keySet()
                    + ", but the record " + target.getSimpleName() + " has " + components.length + " components");
        }
        return make(target, components, parts, place);
    }

    private static Object make(Class<?> target, RecordComponent[] components, @Nullable Object[] parts, String place) {
        for (int i = 0; i < parts.length; i++) {
            Class<?> type = components[i].getType();
            if (!type.isInstance(parts[i])) {
                throw new IllegalArgumentException("component " + components[i].getName() + " of the record "
                        + target.getSimpleName() + at(place) + " has type " + type.getSimpleName()
                        + ", but its batch has type "
                        + DataLoaderException.name(parts[i])
                        + ": declare a record for batches and use DataLoader.of(dataset, ItsName.class, …)");
            }
        }
        return Records.make(target, parts);
    }
}
