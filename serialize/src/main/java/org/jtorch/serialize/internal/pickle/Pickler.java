package org.jtorch.serialize.internal.pickle;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.Limits;
import org.jtorch.serialize.python.Complex;
import org.jtorch.serialize.python.Counter;
import org.jtorch.serialize.python.DefaultDict;
import org.jtorch.serialize.python.FrozenSet;
import org.jtorch.serialize.python.OrderedDict;
import org.jtorch.serialize.python.PythonGlobal;
import org.jtorch.serialize.python.PythonObject;
import org.jtorch.serialize.python.Tuple;

/**
 * Writes values as a pickle of protocol 2. The bytes equal those of Python's pickler: the same opcodes, numbers in the
 * memo, and batches. Values that are the same object stay so, and containers may contain themselves.
 */
public final class Pickler {

    /** The default limits of readers, which written files must respect. */
    private static final Limits LIMITS = new Limits();

    /** The number of items that one opcode sets, as in Python. */
    private static final int BATCH = 1000;

    /** The number of characters of a text in a message. */
    private static final int SHOWN = 100;

    /** The name of a class or function, with its module. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)+");

    /** Writes values of types that Python does not have itself. */
    public interface Extension {

        /**
         * Writes {@code value}.
         *
         * @return false if this extension does not write values of this type
         */
        boolean save(Pickler pickler, Object value);
    }

    private final Extension extension;
    private final Map<Object, Integer> objects = new IdentityHashMap<>();
    private final Map<String, Integer> strings = new HashMap<>();
    private final Map<String, Map<String, Integer>> globals = new HashMap<>();
    private int memoSize;
    private int depth;
    private final List<@Nullable Object> path = new ArrayList<>();
    private byte[] bytes = new byte[1 << 12];
    private int size;

    private Pickler(Extension extension) {
        this.extension = extension;
    }

    /**
     * Returns the pickle of {@code value}.
     *
     * @throws CheckpointException if it contains a value that a pickle cannot represent
     */
    public static ByteBuffer dump(@Nullable Object value, Extension extension) {
        Pickler pickler = new Pickler(extension);
        pickler.op(Opcode.PROTO);
        pickler.op(2);
        try {
            pickler.save(value);
        } catch (CheckpointException e) {
            // the path still has the keys of the refused value
            throw pickler.path.isEmpty()
                    ? e
                    : new CheckpointException("at '" + pickler.path() + "': " + e.getMessage(), e);
        }
        pickler.op(Opcode.STOP);
        return ByteBuffer.wrap(pickler.bytes, 0, pickler.size);
    }

    /** Returns the keys that lead to the value being written, joined by dots. */
    private String path() {
        return path.stream()
                .map(key -> {
                    String text = String.valueOf(key).replaceAll("\\p{Cntrl}", "?");
                    return text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
                })
                .collect(Collectors.joining("."));
    }

    /** Writes a value that another one has under {@code key}. */
    private void save(@Nullable Object key, @Nullable Object value) {
        path.add(key);
        save(value);
        path.remove(path.size() - 1);
    }

    // --- any value ---------------------------------------------------------------------------------------------

    /** Writes a value. */
    public void save(@Nullable Object value) {
        if (value == null) {
            op(Opcode.NONE);
        } else if (value instanceof String text) {
            string(text);
        } else if (value instanceof Boolean bool) {
            bool(bool);
        } else if (value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte) {
            integer(((Number) value).longValue());
        } else if (value instanceof Double || value instanceof Float) {
            number(((Number) value).doubleValue());
        } else if (!recall(objects.get(value))) {
            if (++depth > LIMITS.nesting()) {
                throw new CheckpointException("the value nests containers more than " + LIMITS.nesting() + " deep");
            }
            saveObject(value);
            depth--;
        }
    }

    private void saveObject(Object value) {
        if (extension.save(this, value)) {
            return;
        }
        if (value instanceof OrderedDict dict) {
            orderedDict(dict);
        } else if (value instanceof Counter counter) {
            counter(counter);
        } else if (value instanceof DefaultDict dict) {
            defaultDict(dict);
        } else if (value instanceof Map<?, ?> map) {
            op(Opcode.EMPTY_DICT);
            memoize(value);
            exactItems(map);
        } else if (value instanceof Tuple tuple) {
            tuple(tuple);
        } else if (value instanceof Set<?> set) {
            EqualKeys.check(set, LIMITS);
            global("__builtin__", value instanceof FrozenSet ? "frozenset" : "set");
            list(new ArrayList<>(set));
            tupleOf(1);
            reduce(value);
        } else if (value instanceof List<?> list) {
            list(list);
        } else if (value instanceof byte[] array) {
            bytes(value, array);
        } else if (value instanceof ByteBuffer key) {
            byte[] array = new byte[key.remaining()];
            key.duplicate().get(array);
            bytes(value, array);
        } else if (value instanceof BigInteger big) {
            big(big);
        } else if (value instanceof Complex complex) {
            global("__builtin__", "complex");
            number(complex.real());
            number(complex.imag());
            tupleOf(2);
            reduce(value);
        } else {
            throw noForm(value);
        }
    }

    private static CheckpointException noForm(Object value) {
        if (value instanceof PythonObject || value instanceof PythonGlobal) {
            return new CheckpointException(Kinds.of(value)
                    + " is only a record from another file, which cannot be written: save only the tensors");
        }
        return new CheckpointException("a " + value.getClass().getTypeName()
                + (hasStateDict(value)
                        ? " cannot be written to a checkpoint: save its stateDict()"
                        : " cannot be written to a checkpoint: write tensors, strings, numbers, booleans, byte[], null, and"
                                + " Map, List, Set and Tuple of them"));
    }

    /** Returns whether the value is a module, an optimizer or the like, whose state dict can be written. */
    private static boolean hasStateDict(Object value) {
        return Arrays.stream(value.getClass().getMethods())
                .anyMatch(method -> method.getName().equals("stateDict") && method.getParameterCount() == 0);
    }

    // --- plain values ------------------------------------------------------------------------------------------

    /** Writes True or False. */
    public void bool(boolean value) {
        op(value ? Opcode.NEWTRUE : Opcode.NEWFALSE);
    }

    /** Writes an int. */
    public void integer(long value) {
        if (value >= 0 && value <= 0xff) {
            op(Opcode.BININT1);
            op((int) value);
        } else if (value >= 0 && value <= 0xffff) {
            op(Opcode.BININT2);
            little(value, 2);
        } else if (value == (int) value) {
            op(Opcode.BININT);
            little(value, 4);
        } else {
            big(BigInteger.valueOf(value));
        }
    }

    private void big(BigInteger value) {
        if (value.bitLength() < Long.SIZE && value.longValue() == value.intValue()) {
            integer(value.longValue());
            return;
        }
        byte[] bigEndian = value.toByteArray();
        if (bigEndian.length > LIMITS.intBytes()) {
            throw new CheckpointException(
                    "an int of " + bigEndian.length + " bytes; at most " + LIMITS.intBytes() + " are written");
        }
        if (bigEndian.length <= 0xff) {
            op(Opcode.LONG1);
            op(bigEndian.length);
        } else {
            op(Opcode.LONG4);
            little(bigEndian.length, 4);
        }
        for (int i = bigEndian.length - 1; i >= 0; i--) {
            op(bigEndian[i]);
        }
    }

    /** Writes a float. */
    public void number(double value) {
        op(Opcode.BINFLOAT);
        little(Long.reverseBytes(Double.doubleToRawLongBits(value)), 8);
    }

    /** Writes a str. */
    public void string(String text) {
        if (recall(strings.get(text))) {
            return;
        }
        op(Opcode.BINUNICODE);
        int length = text.length();
        room(4 + length);
        int start = size + 4;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                utf8(text);
                strings.put(text, put());
                return;
            }
            bytes[start + i] = (byte) c;
        }
        little(length, 4);
        size += length;
        strings.put(text, put());
    }

    private void utf8(String text) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            int length = encoded.remaining();
            little(length, 4);
            room(length);
            encoded.get(bytes, size, length);
            size += length;
        } catch (CharacterCodingException e) {
            throw new CheckpointException(
                    "the string " + shown(text) + " contains half of a surrogate pair, which is not text: remove it",
                    e);
        }
    }

    /** Returns a text in quotation marks, with escapes for characters that cannot be shown. */
    private static String shown(String text) {
        StringBuilder shown = new StringBuilder("'");
        for (int i = 0; i < Math.min(SHOWN, text.length()); i++) {
            char c = text.charAt(i);
            shown.append(c < ' ' || Character.isSurrogate(c) ? String.format(Locale.ROOT, "\\u%04x", (int) c) : c);
        }
        return shown.append(text.length() > SHOWN ? "...'" : "'").toString();
    }

    /** Writes bytes, for which protocol 2 has no opcode. */
    private void bytes(Object value, byte[] array) {
        if (array.length == 0) {
            global("__builtin__", "bytes");
            op(Opcode.EMPTY_TUPLE);
        } else {
            global("_codecs", "encode");
            string(new String(array, StandardCharsets.ISO_8859_1));
            string("latin1");
            tupleOf(2);
        }
        reduce(value);
    }

    // --- containers --------------------------------------------------------------------------------------------

    private void list(List<?> list) {
        op(Opcode.EMPTY_LIST);
        memoize(list);
        int count = list.size();
        if (count == 1) {
            save(0, list.get(0));
            op(Opcode.APPEND);
            return;
        }
        Iterator<?> values = list.iterator();
        for (int done = 0; done < count; done += BATCH) {
            mark();
            for (int i = 0; i < Math.min(BATCH, count - done); i++) {
                save(done + i, values.next());
            }
            op(Opcode.APPENDS);
        }
    }

    private void tuple(Tuple tuple) {
        int count = tuple.size();
        if (count == 0) {
            op(Opcode.EMPTY_TUPLE);
            return;
        }
        if (count > 3) {
            mark();
        }
        for (int i = 0; i < count; i++) {
            save(i, tuple.get(i));
        }
        Integer made = objects.get(tuple);
        if (made != null) {
            // a value inside of it contained it, so it is written already: remove its values from the stack
            if (count > 3) {
                op(Opcode.POP_MARK);
            } else {
                for (int i = 0; i < count; i++) {
                    op(Opcode.POP);
                }
            }
            recall(made);
            return;
        }
        op(count > 3 ? Opcode.TUPLE : Opcode.TUPLE1 + count - 1);
        memoize(tuple);
    }

    private void orderedDict(OrderedDict dict) {
        checkKeys(dict);
        emptyOrderedDict();
        objects.put(dict, memoSize - 1);
        items(dict.entrySet());
        if (!dict.attributes().isEmpty()) {
            op(Opcode.EMPTY_DICT);
            put();
            exactItems(dict.attributes());
            op(Opcode.BUILD);
        }
    }

    /** Writes an OrderedDict without items. */
    public void emptyOrderedDict() {
        global("collections", "OrderedDict");
        op(Opcode.EMPTY_TUPLE);
        op(Opcode.REDUCE);
        put();
    }

    /** Writes {@code Counter(dict)}. */
    private void counter(Counter counter) {
        global("collections", "Counter");
        op(Opcode.EMPTY_DICT);
        put();
        exactItems(counter);
        tupleOf(1);
        reduce(counter);
    }

    /** Writes {@code defaultdict(factory)}, and then the items. */
    private void defaultDict(DefaultDict dict) {
        checkKeys(dict);
        global("collections", "defaultdict");
        String factory = dict.factory();
        if (factory == null) {
            op(Opcode.EMPTY_TUPLE);
        } else {
            if (!NAME.matcher(factory).matches()) {
                throw new CheckpointException("a defaultdict has the factory " + shown(factory)
                        + ", which is not the name of a class or function with its module, such as builtins.list");
            }
            int dot = factory.lastIndexOf('.');
            String module = factory.substring(0, Math.max(0, dot));
            // the module's name in Python 2, and therefore in this protocol
            global(module.equals("builtins") ? "__builtin__" : module, factory.substring(dot + 1));
            tupleOf(1);
        }
        reduce(dict);
        items(dict.entrySet());
    }

    /** Writes the items of a plain dict. Python checks whether the dict has a single item. */
    private void exactItems(Map<?, ?> map) {
        checkKeys(map);
        int count = map.size();
        Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
        if (count == 1) {
            item(entries.next());
            op(Opcode.SETITEM);
            return;
        }
        // ends with the first batch that is not full, which may be empty
        for (int left = count, batch = BATCH; count > 0 && batch == BATCH; left -= batch) {
            batch = Math.min(BATCH, left);
            mark();
            for (int i = 0; i < batch; i++) {
                item(entries.next());
            }
            op(Opcode.SETITEMS);
        }
    }

    /** Writes the items of another map. Python checks whether a single item is left. */
    private void items(Collection<? extends Map.Entry<?, ?>> entries) {
        int left = entries.size();
        Iterator<? extends Map.Entry<?, ?>> next = entries.iterator();
        while (left > 0) {
            if (left == 1) {
                item(next.next());
                op(Opcode.SETITEM);
                return;
            }
            mark();
            int batch = Math.min(BATCH, left);
            for (int i = 0; i < batch; i++) {
                item(next.next());
            }
            op(Opcode.SETITEMS);
            left -= batch;
        }
    }

    /**
     * Checks keys. Strings differ in Python if they differ in Java, where the map itself distinguishes its keys by equals.
     */
    private static void checkKeys(Map<?, ?> map) {
        if (map instanceof IdentityHashMap || !map.keySet().stream().allMatch(String.class::isInstance)) {
            EqualKeys.check(map, LIMITS);
        }
    }

    private void item(Map.Entry<?, ?> entry) {
        save(entry.getKey());
        save(entry.getKey(), entry.getValue());
    }

    // --- what extensions are made of ---------------------------------------------------------------------------

    /** Writes the name of a class or function. */
    public void global(String module, String name) {
        Map<String, Integer> names = globals.computeIfAbsent(module, m -> new HashMap<>());
        if (recall(names.get(name))) {
            return;
        }
        op(Opcode.GLOBAL);
        ascii(module);
        op('\n');
        ascii(name);
        op('\n');
        names.put(name, put());
    }

    /** Begins a tuple that {@link #tupleFromMark} ends. */
    public void mark() {
        op(Opcode.MARK);
    }

    /** Makes a tuple of the values since the mark. */
    public void tupleFromMark() {
        op(Opcode.TUPLE);
        put();
    }

    /** Makes a tuple of the last 1 to 3 values. */
    public void tupleOf(int count) {
        op(Opcode.TUPLE1 + count - 1);
        put();
    }

    /** Writes a tuple of ints. */
    public void integers(long[] values) {
        if (values.length == 0) {
            op(Opcode.EMPTY_TUPLE);
            return;
        }
        if (values.length > 3) {
            mark();
        }
        for (long value : values) {
            integer(value);
        }
        if (values.length > 3) {
            tupleFromMark();
        } else {
            tupleOf(values.length);
        }
    }

    /** Makes the last tuple a persistent id. */
    public void persistentId() {
        op(Opcode.BINPERSID);
    }

    /** Sets the last tuple as the state of the value before it. */
    public void build() {
        op(Opcode.BUILD);
    }

    /** Makes an object of the last global without calling its constructor. {@link #build} sets its state. */
    public void newObject(Object value) {
        op(Opcode.EMPTY_TUPLE);
        op(Opcode.NEWOBJ);
        memoize(value);
    }

    /** Calls the last global with the last tuple, which creates {@code value}. */
    public void reduce(Object value) {
        op(Opcode.REDUCE);
        memoize(value);
    }

    private void memoize(Object value) {
        objects.put(value, put());
    }

    private int put() {
        int index = memoSize++;
        if (index <= 0xff) {
            op(Opcode.BINPUT);
            op(index);
        } else {
            op(Opcode.LONG_BINPUT);
            little(index, 4);
        }
        return index;
    }

    private boolean recall(@Nullable Integer index) {
        if (index == null) {
            return false;
        }
        if (index <= 0xff) {
            op(Opcode.BINGET);
            op(index);
        } else {
            op(Opcode.LONG_BINGET);
            little(index, 4);
        }
        return true;
    }

    // --- bytes -------------------------------------------------------------------------------------------------

    private void room(int count) {
        if (count > bytes.length - size) {
            long wanted = Math.max(2L * bytes.length, (long) size + count);
            if (wanted > Integer.MAX_VALUE - 16) {
                wanted = Integer.MAX_VALUE - 16;
                if (wanted - size < count) {
                    throw new CheckpointException(
                            "the values other than tensors take more than 2 GiB: convert the large ones to tensors");
                }
            }
            bytes = Arrays.copyOf(bytes, (int) wanted);
        }
    }

    private void op(int value) {
        room(1);
        bytes[size++] = (byte) value;
    }

    private void little(long value, int count) {
        room(count);
        for (int i = 0; i < count; i++) {
            bytes[size++] = (byte) (value >>> 8 * i);
        }
    }

    private void ascii(String text) {
        room(text.length());
        for (int i = 0; i < text.length(); i++) {
            bytes[size++] = (byte) text.charAt(i);
        }
    }
}
