package org.jtorch.data.sources;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.internal.text.Nearest;

/** The one implementation of {@link Row}: converts the values of {@link Fields}. */
final class TypedRow implements Row {

    /** How much of a value is shown in an error. */
    private static final int SHOWN = 80;

    private final Fields fields;
    private final RowOptions.Settings settings;

    TypedRow(Fields fields, RowOptions.Settings settings) {
        this.fields = fields;
        this.settings = settings;
    }

    String place() {
        return fields.place();
    }

    @Override
    public List<String> names() {
        return fields.names();
    }

    @Override
    public boolean has(String column) {
        return fields.has(column);
    }

    @Override
    public boolean isNull(String column) {
        return value(column) == null;
    }

    @Override
    public String getString(String column) {
        Object value = present(column);
        if (value instanceof byte[]) {
            throw failure(column, "holds bytes, not text: call getBytes");
        }
        return value instanceof List<?> || value instanceof Map<?, ?> ? JsonText.of(value) : value.toString();
    }

    @Override
    public double getDouble(String column) {
        Object value = value(column);
        return value == null ? numberForMissing(column) : toDouble(column, value);
    }

    @Override
    public float getFloat(String column) {
        return (float) getDouble(column);
    }

    @Override
    public long getLong(String column) {
        Object value = value(column);
        return toLong(column, value == null ? numberForMissing(column) : value);
    }

    @Override
    public int getInt(String column) {
        long value = getLong(column);
        if (value != (int) value) {
            throw failure(column, value + " is too large for an int: call getLong");
        }
        return (int) value;
    }

    @Override
    public boolean getBoolean(String column) {
        Object value = present(column);
        String text = value.toString();
        if (text.equalsIgnoreCase("true") || text.equals("1")) {
            return true;
        }
        if (text.equalsIgnoreCase("false") || text.equals("0")) {
            return false;
        }
        throw failure(column, shown(value) + " is not a boolean");
    }

    @Override
    public byte[] getBytes(String column) {
        if (present(column) instanceof byte[] bytes) {
            return bytes;
        }
        throw failure(column, "is not a binary column");
    }

    @Override
    public Tensor floats(String... columns) {
        DoubleArray numbers = doubleValues(columns);
        float[] result = new float[numbers.size];
        for (int i = 0; i < result.length; i++) {
            result[i] = (float) numbers.values[i];
        }
        return Torch.tensor(result);
    }

    @Override
    public Tensor doubles(String... columns) {
        DoubleArray numbers = doubleValues(columns);
        return Torch.tensor(Arrays.copyOf(numbers.values, numbers.size));
    }

    @Override
    public Tensor longs(String... columns) {
        LongArray numbers = new LongArray(columns.length);
        forEach(columns, (column, value) -> numbers.add(toLong(column, value)));
        return Torch.tensor(Arrays.copyOf(numbers.values, numbers.size));
    }

    @Override
    public int classIndex(String column) {
        Map<String, Integer> classes = settings.classes().get(column);
        if (classes == null) {
            throw new IllegalStateException("no classes were given for column \"" + column
                    + "\": give them with o -> o.classes(\"" + column + "\", ...)");
        }
        String name = getString(column);
        Integer index = classes.get(name);
        if (index == null) {
            throw failure(column, shown(name) + " is none of the classes " + String.join(", ", classes.keySet()));
        }
        return index;
    }

    @Override
    public Tensor label(String column) {
        return Torch.tensor((long) classIndex(column));
    }

    // --- values ------------------------------------------------------------------------------------------------

    private @Nullable Object value(String column) {
        if (!fields.has(column) && !fields.absentIsMissing()) {
            String left = settings.keeps(column) ? "" : "; add it to the columns that the options keep";
            throw new TorchException(place() + ": there is no column \"" + column + "\" among " + fields.names()
                    + Nearest.hint(column, fields.names()) + left);
        }
        return fields.value(column);
    }

    private Object present(String column) {
        Object value = value(column);
        if (value == null) {
            throw missing(column, "test it with isNull");
        }
        return value;
    }

    private double numberForMissing(String column) {
        Double number = settings.missing().get(column);
        if (number == null) {
            throw missing(
                    column,
                    "test it with isNull, or give a number for it with o -> o.missing(\"" + column + "\", ...)");
        }
        return number;
    }

    private TorchException missing(String column, String remedy) {
        String what = fields.has(column) ? "the value is missing" : "there is no such field among " + fields.names();
        return failure(column, what + ": " + remedy);
    }

    private TorchException failure(String column, String what) {
        return new TorchException(place() + ", column \"" + column + "\": " + what);
    }

    private static String shown(Object value) {
        String text = value instanceof byte[] ? "bytes" : value.toString();
        return '"' + (text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text) + '"';
    }

    // --- numbers -----------------------------------------------------------------------------------------------

    private double toDouble(String column, Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        if (value instanceof Boolean flag) {
            return flag ? 1 : 0;
        }
        try {
            return NumberText.toDouble((String) value);
        } catch (NumberFormatException | ClassCastException e) {
            throw failure(column, shown(value) + " is not a number");
        }
    }

    private long toLong(String column, Object value) {
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (value instanceof Boolean flag) {
            return flag ? 1 : 0;
        }
        try {
            return NumberText.toLong(value.toString());
        } catch (NumberFormatException e) {
            throw failure(column, shown(value) + " is not an integer within the range of a long");
        }
    }

    private DoubleArray doubleValues(String... columns) {
        DoubleArray numbers = new DoubleArray(columns.length);
        forEach(columns, (column, value) -> numbers.add(toDouble(column, value)));
        return numbers;
    }

    /** Gives the action every value of the columns, and the elements of lists one by one. */
    private void forEach(String[] columns, BiConsumer<String, Object> action) {
        if (columns.length == 0) {
            throw new IllegalArgumentException("name at least one column");
        }
        for (String column : columns) {
            Object value = value(column);
            if (value instanceof List<?> list) {
                for (Object element : list) {
                    if (element == null) {
                        throw failure(column, "an element of the list is missing");
                    }
                    action.accept(column, element);
                }
            } else {
                action.accept(column, value == null ? (Object) numberForMissing(column) : value);
            }
        }
    }

    private static final class DoubleArray {
        private double[] values;
        private int size;

        DoubleArray(int capacity) {
            values = new double[capacity];
        }

        void add(double value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size + 1);
            }
            values[size++] = value;
        }
    }

    private static final class LongArray {
        private long[] values;
        private int size;

        LongArray(int capacity) {
            values = new long[capacity];
        }

        void add(long value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size + 1);
            }
            values[size++] = value;
        }
    }
}
