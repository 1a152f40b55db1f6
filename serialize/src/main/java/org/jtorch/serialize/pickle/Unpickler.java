package org.jtorch.serialize.pickle;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.CheckpointException;
import org.jtorch.serialize.OrderedDict;
import org.jtorch.serialize.Tuple;

/**
 * Reads a pickle of protocol 2 to 5 as data. It is a small machine with a stack, as the format prescribes, but one that calls
 * nothing: what the pickle names is looked up in an {@link Environment}, which knows how to build a few kinds of data, and
 * everything else is refused by its name.
 *
 * <p>dict, list, set and OrderedDict become {@link LinkedHashMap}, {@link ArrayList}, {@link LinkedHashSet} and
 * {@link OrderedDict}; tuple {@link Tuple}; int {@link Long} or, where it does not fit, {@link BigInteger}; float
 * {@link Double}; str {@link String}; bytes and bytearray {@code byte[]}; None null.
 */
public final class Unpickler {

    /** Stands in the stack where a MARK was made. */
    private static final Object MARK = new Object();

    private final byte[] pickle;
    private final ByteBuffer numbers;
    private final Environment environment;
    private final Memo memo = new Memo();
    private @Nullable Object[] stack = new Object[256];
    private int top;
    private int at;

    private Unpickler(byte[] pickle, Environment environment) {
        this.pickle = pickle;
        this.numbers = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
        this.environment = environment;
    }

    /**
     * Reads one pickle.
     *
     * @return its value; null where it is None
     * @throws CheckpointException where it is broken, names something unknown, or goes too far
     */
    public static @Nullable Object load(byte[] pickle, Environment environment) {
        Unpickler unpickler = new Unpickler(pickle, environment);
        Object value = unpickler.run();
        ResultCheck.check(value, pickle.length);
        return value;
    }

    private @Nullable Object run() {
        int start = 0;
        try {
            while (true) {
                start = at;
                int opcode = u1();
                if (opcode == Opcode.STOP) {
                    return stop();
                }
                step(opcode);
            }
        } catch (CheckpointException e) {
            throw new CheckpointException(e.getMessage() + " (byte " + start + " of the pickle)", e);
        }
    }

    private @Nullable Object stop() {
        Object value = pop();
        if (top != 0) {
            throw new CheckpointException("the pickle leaves " + top + " values behind");
        }
        return value;
    }

    private void step(int opcode) {
        switch (opcode) {
            case Opcode.PROTO -> protocol(u1());
            case Opcode.FRAME -> skipFrame();
            case Opcode.MARK -> push(MARK);
            case Opcode.POP -> drop();
            case Opcode.POP_MARK -> popToMark();
            case Opcode.DUP -> push(peek());

            case Opcode.NONE -> push(null);
            case Opcode.NEWTRUE -> push(true);
            case Opcode.NEWFALSE -> push(false);
            case Opcode.BININT -> push((long) numbers.getInt(take(4)));
            case Opcode.BININT1 -> push((long) u1());
            case Opcode.BININT2 -> push((long) Short.toUnsignedInt(numbers.getShort(take(2))));
            case Opcode.LONG1 -> push(integer(u1()));
            case Opcode.LONG4 -> push(integer(u4()));
            case Opcode.BINFLOAT -> push(Double.longBitsToDouble(Long.reverseBytes(numbers.getLong(take(8)))));

            case Opcode.BINUNICODE -> push(text(u4()));
            case Opcode.SHORT_BINUNICODE -> push(text(u1()));
            case Opcode.BINUNICODE8 -> push(text(u8()));
            // Python 2's str, which is bytes and yet nearly always a name
            case Opcode.BINSTRING -> push(text(numbers.getInt(take(4))));
            case Opcode.SHORT_BINSTRING -> push(text(u1()));
            case Opcode.BINBYTES -> push(bytes(u4()));
            case Opcode.SHORT_BINBYTES -> push(bytes(u1()));
            case Opcode.BINBYTES8, Opcode.BYTEARRAY8 -> push(bytes(u8()));

            case Opcode.EMPTY_LIST -> push(new ArrayList<>());
            case Opcode.LIST -> push(new ArrayList<>(popToMark()));
            case Opcode.APPEND -> {
                Object value = pop();
                list(peek()).add(value);
            }
            case Opcode.APPENDS -> {
                List<@Nullable Object> values = popToMark();
                list(peek()).addAll(values);
            }
            case Opcode.EMPTY_TUPLE -> push(Tuple.EMPTY);
            case Opcode.TUPLE -> push(new Tuple(popToMark()));
            case Opcode.TUPLE1 -> push(tuple(1));
            case Opcode.TUPLE2 -> push(tuple(2));
            case Opcode.TUPLE3 -> push(tuple(3));
            case Opcode.EMPTY_DICT -> push(new LinkedHashMap<>());
            case Opcode.DICT -> {
                Map<@Nullable Object, @Nullable Object> dict = new LinkedHashMap<>();
                putAll(dict, popToMark());
                push(dict);
            }
            case Opcode.SETITEM -> {
                Object value = pop();
                Object key = pop();
                dict(peek()).put(Keys.check(key), value);
            }
            case Opcode.SETITEMS -> {
                List<@Nullable Object> items = popToMark();
                putAll(dict(peek()), items);
            }
            case Opcode.EMPTY_SET -> push(new LinkedHashSet<>());
            case Opcode.ADDITEMS -> {
                List<@Nullable Object> values = popToMark();
                addAll(set(peek()), values);
            }
            case Opcode.FROZENSET -> {
                Set<@Nullable Object> set = new LinkedHashSet<>();
                addAll(set, popToMark());
                push(Collections.unmodifiableSet(set));
            }

            case Opcode.BINGET -> push(recall(u1()));
            case Opcode.LONG_BINGET -> push(recall(u4()));
            case Opcode.BINPUT -> remember(u1());
            case Opcode.LONG_BINPUT -> remember(u4());
            case Opcode.MEMOIZE -> remember(memo.size());

            case Opcode.GLOBAL -> {
                String module = line();
                push(global(module, line()));
            }
            case Opcode.STACK_GLOBAL -> {
                Object name = pop();
                Object module = pop();
                if (!(module instanceof String moduleName) || !(name instanceof String globalName)) {
                    throw new CheckpointException("a global is named by " + Kinds.of(module) + " and " + Kinds.of(name)
                            + ", not by two strings");
                }
                push(global(moduleName, globalName));
            }
            case Opcode.REDUCE, Opcode.NEWOBJ -> {
                Object arguments = pop();
                push(call(pop(), arguments));
            }
            case Opcode.NEWOBJ_EX -> {
                if (!(pop() instanceof Map<?, ?> named) || !named.isEmpty()) {
                    throw new CheckpointException("an object is made with named arguments, which is not read");
                }
                Object arguments = pop();
                push(call(pop(), arguments));
            }
            case Opcode.BUILD -> {
                Object state = pop();
                build(peek(), state);
            }
            case Opcode.BINPERSID -> push(environment.persistent(pop()));
            default -> throw new CheckpointException(unknown(opcode));
        }
    }

    private static String unknown(int opcode) {
        String shown = opcode > 32 && opcode < 127 ? "'" + (char) opcode + "'" : String.format("0x%02x", opcode);
        return "opcode " + shown + " is none of pickle's protocols 2 to 5 that is read";
    }

    private static void protocol(int version) {
        if (version < 2 || version > 5) {
            throw new CheckpointException("the pickle is of protocol " + version + "; 2 to 5 are read");
        }
    }

    private void skipFrame() {
        long length = u8();
        if (length > pickle.length - at) {
            throw new CheckpointException(
                    "a frame claims " + length + " bytes, but " + (pickle.length - at) + " are left");
        }
    }

    // --- calls that are none -----------------------------------------------------------------------------------

    private Object global(String module, String name) {
        Object known = environment.global(module, name);
        if (known == null) {
            throw new CheckpointException("the file refers to " + module + "." + name
                    + ", which is not data that is known; nothing from a file is called or imported");
        }
        return known;
    }

    private static @Nullable Object call(@Nullable Object callee, @Nullable Object arguments) {
        if (!(callee instanceof Global global)) {
            throw new CheckpointException("the pickle calls " + Kinds.of(callee) + ", which is no function");
        }
        if (!(arguments instanceof Tuple tuple)) {
            throw new CheckpointException(
                    "the arguments of " + global.name() + " are " + Kinds.of(arguments) + " and no tuple");
        }
        return global.builder().apply(new Arguments(global.name(), tuple.values()));
    }

    private static void build(@Nullable Object object, @Nullable Object state) {
        if (!(object instanceof OrderedDict dict)) {
            throw new CheckpointException("the pickle sets the state of " + Kinds.of(object) + ", which has none");
        }
        if (!(state instanceof Map<?, ?> attributes)) {
            throw new CheckpointException("the attributes of an OrderedDict are " + Kinds.of(state) + " and no dict");
        }
        for (Map.Entry<?, ?> attribute : attributes.entrySet()) {
            if (!(attribute.getKey() instanceof String name)) {
                throw new CheckpointException(
                        "an attribute of an OrderedDict is named by " + Kinds.of(attribute.getKey()));
            }
            dict.attributes().put(name, attribute.getValue());
        }
    }

    // --- containers --------------------------------------------------------------------------------------------

    @SuppressWarnings("unchecked") // every list here was made here
    private static List<@Nullable Object> list(@Nullable Object value) {
        if (!(value instanceof ArrayList)) {
            throw new CheckpointException("the pickle appends to " + Kinds.of(value));
        }
        return (List<@Nullable Object>) value;
    }

    @SuppressWarnings("unchecked") // every map here was made here
    private static Map<@Nullable Object, @Nullable Object> dict(@Nullable Object value) {
        if (!(value instanceof LinkedHashMap)) {
            throw new CheckpointException("the pickle sets an item of " + Kinds.of(value));
        }
        return (Map<@Nullable Object, @Nullable Object>) value;
    }

    @SuppressWarnings("unchecked") // every set here was made here
    private static Set<@Nullable Object> set(@Nullable Object value) {
        if (!(value instanceof LinkedHashSet)) {
            throw new CheckpointException("the pickle adds to " + Kinds.of(value));
        }
        return (Set<@Nullable Object>) value;
    }

    private static void putAll(Map<@Nullable Object, @Nullable Object> dict, List<@Nullable Object> items) {
        if (items.size() % 2 != 0) {
            throw new CheckpointException("a dict's last key has no value");
        }
        for (int i = 0; i < items.size(); i += 2) {
            dict.put(Keys.check(items.get(i)), items.get(i + 1));
        }
    }

    static void addAll(Set<@Nullable Object> set, Collection<? extends @Nullable Object> values) {
        for (Object value : values) {
            set.add(Keys.check(value));
        }
    }

    // --- the stack and the memo --------------------------------------------------------------------------------

    private void push(@Nullable Object value) {
        if (top == stack.length) {
            if (top >= Limits.STACK) {
                throw new CheckpointException("the pickle puts more than " + Limits.STACK + " values on its stack");
            }
            stack = Arrays.copyOf(stack, top * 2);
        }
        stack[top++] = value;
    }

    private @Nullable Object pop() {
        Object value = peek();
        stack[--top] = null;
        return value;
    }

    private @Nullable Object peek() {
        if (top == 0 || stack[top - 1] == MARK) {
            throw new CheckpointException("the pickle takes a value off its stack where there is none");
        }
        return stack[top - 1];
    }

    private void drop() {
        if (top == 0) {
            throw new CheckpointException("the pickle takes a value off its stack where there is none");
        }
        stack[--top] = null;
    }

    private int mark() {
        for (int i = top - 1; i >= 0; i--) {
            if (stack[i] == MARK) {
                return i;
            }
        }
        throw new CheckpointException("the pickle goes back to a mark that it never made");
    }

    private List<@Nullable Object> popToMark() {
        int mark = mark();
        List<@Nullable Object> values = Arrays.asList(Arrays.copyOfRange(stack, mark + 1, top));
        Arrays.fill(stack, mark, top, null);
        top = mark;
        return values;
    }

    private Tuple tuple(int length) {
        @Nullable Object[] values = new Object[length];
        for (int i = length - 1; i >= 0; i--) {
            values[i] = pop();
        }
        return Tuple.of(values);
    }

    private void remember(long index) {
        if (memo.size() >= Limits.MEMO) {
            throw new CheckpointException("the pickle remembers more than " + Limits.MEMO + " values");
        }
        memo.put(index, peek());
    }

    private @Nullable Object recall(long index) {
        if (!memo.has(index)) {
            throw new CheckpointException("the pickle recalls value " + index + ", which it never remembered");
        }
        return memo.get(index);
    }

    // --- bytes -------------------------------------------------------------------------------------------------

    /** Where the next {@code length} bytes start; they are taken. */
    private int take(long length) {
        if (length < 0 || length > pickle.length - at) {
            throw new CheckpointException(
                    length < 0
                            ? "a length is negative: " + length
                            : "the pickle ends too early: " + length + " bytes are claimed where "
                                    + (pickle.length - at) + " are left");
        }
        int start = at;
        at += (int) length;
        return start;
    }

    private int u1() {
        return pickle[take(1)] & 0xff;
    }

    private long u4() {
        return Integer.toUnsignedLong(numbers.getInt(take(4)));
    }

    private long u8() {
        return numbers.getLong(take(8));
    }

    private byte[] bytes(long length) {
        int start = take(length);
        return Arrays.copyOfRange(pickle, start, at);
    }

    private Number integer(long length) {
        if (length > Limits.INT_BYTES) {
            throw new CheckpointException("an int of " + length + " bytes; at most " + Limits.INT_BYTES + " are read");
        }
        int start = take(length);
        if (length <= Long.BYTES) {
            long value = 0;
            for (int i = (int) length - 1; i >= 0; i--) {
                value = value << 8 | pickle[start + i] & 0xff;
            }
            int unused = Long.SIZE - 8 * (int) length;
            return length == 0 ? 0L : value << unused >> unused;
        }
        byte[] bigEndian = new byte[(int) length];
        for (int i = 0; i < length; i++) {
            bigEndian[i] = pickle[at - 1 - i];
        }
        BigInteger value = new BigInteger(bigEndian);
        if (value.bitLength() < Long.SIZE) {
            return value.longValue();
        }
        return value;
    }

    private String text(long length) {
        int start = take(length);
        int end = at;
        // names are ASCII: no decoder needed
        for (int i = start; i < end; i++) {
            if (pickle[i] < 0) {
                return utf8(start, end - start);
            }
        }
        return new String(pickle, start, end - start, StandardCharsets.ISO_8859_1);
    }

    private String utf8(int start, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(pickle, start, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new CheckpointException("a str is not in UTF-8", e);
        }
    }

    /** The text up to the end of the line. */
    private String line() {
        int start = at;
        while (at < pickle.length && pickle[at] != '\n') {
            at++;
        }
        if (at == pickle.length) {
            throw new CheckpointException("the pickle ends in a name");
        }
        String line = utf8(start, at - start);
        at++;
        return line;
    }
}
