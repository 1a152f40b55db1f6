package org.jtorch.cli;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.internal.text.PythonText;
import org.jtorch.serialize.format.TensorInfo;
import org.jtorch.serialize.python.Complex;
import org.jtorch.serialize.python.FrozenSet;
import org.jtorch.serialize.python.NumpyArray;
import org.jtorch.serialize.python.NumpyScalar;
import org.jtorch.serialize.python.PythonGlobal;
import org.jtorch.serialize.python.PythonObject;
import org.jtorch.serialize.python.Tuple;

/** Formats values as Python would write them, in a limited number of characters. */
final class ValueText {

    /** The number of bytes of a bytes object, and of elements of an array, that are shown. */
    private static final int SHOWN = 16;

    private final StringBuilder out = new StringBuilder();
    private final int most;

    private ValueText(int most) {
        this.most = most;
    }

    /**
     * Returns the text of {@code value}. A str is shown without quotes.
     *
     * @param most the greatest length; a longer text ends with three dots
     */
    static String of(@Nullable Object value, int most) {
        ValueText text = new ValueText(most);
        if (value instanceof String string) {
            text.out.append(string, 0, Math.min(string.length(), most + 1));
        } else {
            text.add(value);
        }
        return text.out.length() > most ? text.out.substring(0, most - 1) + "…" : text.out.toString();
    }

    private boolean isFull() {
        return out.length() > most;
    }

    /**
     * Adds a value. It ends for a value that contains itself, because each container adds a character and the length is
     * limited.
     */
    private void add(@Nullable Object value) {
        if (isFull()) {
            return;
        }
        if (value instanceof Map<?, ?> map) {
            add("{", map, "}");
        } else if (value instanceof Set<?> set) {
            addSet(set);
        } else if (value instanceof List<?> list) {
            add("[", list, "]");
        } else if (value instanceof Tuple tuple) {
            add("(", tuple.values(), tuple.size() == 1 ? ",)" : ")");
        } else if (value instanceof PythonObject object) {
            addRecord(object);
        } else {
            out.append(leaf(value));
        }
    }

    private void add(String open, Collection<?> values, String close) {
        out.append(open);
        Iterator<?> all = values.iterator();
        for (int i = 0; all.hasNext() && !isFull(); i++) {
            out.append(i == 0 ? "" : ", ");
            add(all.next());
        }
        out.append(close);
    }

    private void add(String open, Map<?, ?> map, String close) {
        out.append(open);
        int count = 0;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (isFull()) {
                break;
            }
            out.append(count++ == 0 ? "" : ", ");
            add(entry.getKey());
            out.append(": ");
            add(entry.getValue());
        }
        out.append(close);
    }

    private void addSet(Set<?> set) {
        boolean frozen = set instanceof FrozenSet;
        out.append(frozen ? "frozenset(" : "");
        if (set.isEmpty()) {
            out.append(frozen ? "" : "set()");
        } else {
            add("{", set, "}");
        }
        out.append(frozen ? ")" : "");
    }

    /** Adds {@code Name(arguments)}, followed by the contents, if any. */
    private void addRecord(PythonObject object) {
        out.append(object.name()).append('(');
        int count = 0;
        for (Object argument : object.arguments().values()) {
            out.append(count++ == 0 ? "" : ", ");
            add(argument);
        }
        for (Map.Entry<@Nullable Object, @Nullable Object> argument :
                object.namedArguments().entrySet()) {
            out.append(count++ == 0 ? "" : ", ").append(argument.getKey()).append('=');
            add(argument.getValue());
        }
        out.append(')');
        if (!object.items().isEmpty()) {
            add(" [", object.items(), "]");
        }
        if (!object.entries().isEmpty()) {
            add(" {", object.entries(), "}");
        }
        Object state = object.isModule() && object.state() instanceof Map<?, ?> map ? filled(map) : object.state();
        if (state != null && !(state instanceof Map<?, ?> map && map.isEmpty())) {
            out.append(' ');
            add(state);
        }
    }

    /** Returns the attributes without those that every module has and that are usually empty. */
    private static Map<?, ?> filled(Map<?, ?> attributes) {
        Map<@Nullable Object, @Nullable Object> filled = new LinkedHashMap<>(attributes);
        filled.entrySet()
                .removeIf(entry -> String.valueOf(entry.getKey()).startsWith("_")
                        && (entry.getValue() == null || FlatValues.isEmpty(entry.getValue())));
        return filled;
    }

    private String leaf(@Nullable Object value) {
        if (value == null) {
            return "None";
        } else if (value instanceof String text) {
            return PythonText.repr(text.substring(0, Math.min(text.length(), most + 1)));
        } else if (value instanceof Boolean truth) {
            return PythonText.of(truth.booleanValue());
        } else if (value instanceof Double number) {
            return PythonText.of(number.doubleValue());
        } else if (value instanceof byte[] bytes) {
            return bytes(ByteBuffer.wrap(bytes));
        } else if (value instanceof ByteBuffer bytes) {
            return bytes(bytes.duplicate());
        } else if (value instanceof Complex complex) {
            return complex(complex);
        } else if (value instanceof NumpyScalar scalar) {
            return "numpy." + scalar.dtype() + "(" + of(scalar.value(), most) + ")";
        } else if (value instanceof NumpyArray array) {
            return array(array);
        } else if (value instanceof PythonGlobal global) {
            return global.name();
        } else if (value instanceof Tensor tensor) {
            return tensor(tensor.isUninitialized() ? null : tensor.shape(), tensor.dtype());
        } else if (value instanceof TensorInfo tensor) {
            return tensor(tensor.isUninitialized() ? null : tensor.shape(), tensor.dtype());
        }
        return String.valueOf(value);
    }

    private static String tensor(long @Nullable [] shape, DType dtype) {
        return "tensor(" + (shape == null ? "uninitialized" : PythonText.tuple(shape)) + ", " + dtype.torchName() + ")";
    }

    private static String complex(Complex complex) {
        String imaginary = PythonText.of(complex.imag());
        return "(" + PythonText.of(complex.real()) + (imaginary.startsWith("-") ? "" : "+") + imaginary + "j)";
    }

    private static String bytes(ByteBuffer bytes) {
        int length = bytes.remaining();
        StringBuilder text = new StringBuilder("b'");
        for (int i = 0; i < Math.min(length, SHOWN); i++) {
            int c = bytes.get() & 0xff;
            if (c == '\\' || c == '\'') {
                text.append('\\').append((char) c);
            } else if (c >= ' ' && c < 127) {
                text.append((char) c);
            } else {
                text.append(String.format("\\x%02x", c));
            }
        }
        return text + (length > SHOWN ? "…" : "") + "' (" + length + (length == 1 ? " byte)" : " bytes)");
    }

    private static String array(NumpyArray array) {
        long numel = 1;
        for (long size : array.shape()) {
            numel *= size;
        }
        String form = PythonText.tuple(array.shape()) + ", " + array.dtype() + ")";
        if (numel > SHOWN) {
            return "array(" + form;
        }
        boolean single = array.shape().length == 0;
        StringBuilder text = new StringBuilder(single ? "array(" : "array([");
        ByteBuffer bytes = ByteBuffer.wrap(array.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < numel; i++) {
            text.append(i == 0 ? "" : ", ").append(element(array.dtype(), bytes));
        }
        return text + (single ? ", " : "], ") + form;
    }

    /** Returns the next element, as Python writes it. */
    private static String element(String dtype, ByteBuffer bytes) {
        return switch (dtype) {
            case "bool" -> PythonText.of(bytes.get() != 0);
            case "int8" -> String.valueOf(bytes.get());
            case "uint8" -> String.valueOf(Byte.toUnsignedInt(bytes.get()));
            case "int16" -> String.valueOf(bytes.getShort());
            case "uint16" -> String.valueOf(Short.toUnsignedInt(bytes.getShort()));
            case "int32" -> String.valueOf(bytes.getInt());
            case "uint32" -> Integer.toUnsignedString(bytes.getInt());
            case "int64" -> String.valueOf(bytes.getLong());
            case "uint64" -> Long.toUnsignedString(bytes.getLong());
            case "float16" -> PythonText.of(half(bytes.getShort()));
            case "float32" -> PythonText.of((double) bytes.getFloat());
            case "float64" -> PythonText.of(bytes.getDouble());
            case "complex64" -> complex(new Complex(bytes.getFloat(), bytes.getFloat()));
            case "complex128" -> complex(new Complex(bytes.getDouble(), bytes.getDouble()));
            default -> throw new IllegalStateException("numpy has no arrays of " + dtype);
        };
    }

    private static double half(short bits) {
        try (TensorScope scope = new TensorScope()) {
            return Torch.tensor(new short[] {bits})
                    .view(DType.FLOAT16)
                    .to(DType.FLOAT64)
                    .item();
        }
    }
}
