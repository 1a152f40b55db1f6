package org.jtorch.serialize.pickle;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.CheckpointException;
import org.jtorch.serialize.FrozenSet;
import org.jtorch.serialize.Limits;
import org.jtorch.serialize.OrderedDict;
import org.jtorch.serialize.PythonGlobal;
import org.jtorch.serialize.PythonObject;
import org.jtorch.serialize.Tuple;

/**
 * Reads a pickle of protocol 0 to 5 as data. It is a small machine with a stack, as the format prescribes, but one that calls
 * nothing: what the pickle names is looked up in an {@link Environment}, which knows how to build a few kinds of data, and
 * everything else is refused by its name, or, where the environment allows it, kept as a {@link PythonObject}.
 *
 * <p>dict, list, set, frozenset and OrderedDict become {@link LinkedHashMap}, {@link ArrayList}, {@link LinkedHashSet},
 * {@link FrozenSet} and {@link OrderedDict}; tuple {@link Tuple}; int {@link Long} or, where it does not fit, {@link BigInteger}; float
 * {@link Double}; str {@link String}; bytes and bytearray {@code byte[]}; None null.
 */
public final class Unpickler {

    /** Stands in the stack where a MARK was made. */
    private static final Object MARK = new Object();

    /** Bytes of a class's or module's name. */
    private static final int MAX_NAME = 1000;

    private final byte[] pickle;
    private final ByteBuffer numbers;
    private final Environment environment;
    private final Limits limits;
    private final Memo memo = new Memo();
    private final Map<String, UnknownGlobal> unknown = new LinkedHashMap<>();
    private @Nullable Object[] stack;
    private int top;
    private int at;

    private Unpickler(byte[] pickle, int start, Environment environment, Limits limits) {
        this.pickle = pickle;
        this.numbers = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
        this.environment = environment;
        this.limits = limits;
        this.stack = new Object[Math.min(256, limits.stack())];
        this.at = start;
    }

    /**
     * A pickle's value, and where it ends.
     *
     * @param value null where it is None
     * @param end where what follows it begins
     */
    public record Loaded(@Nullable Object value, int end) {}

    /**
     * Reads the pickle that {@code pickle} is.
     *
     * @return its value; null where it is None
     * @throws CheckpointException where it is broken, names something unknown, or goes too far
     */
    public static @Nullable Object load(byte[] pickle, Environment environment, Limits limits) {
        return load(pickle, 0, environment, limits).value();
    }

    /**
     * Reads the pickle that begins at {@code start}.
     *
     * @throws TruncatedPickleException where it does not end inside of {@code bytes}
     * @throws CheckpointException where it is broken, names something unknown, or goes too far
     */
    public static Loaded load(byte[] bytes, int start, Environment environment, Limits limits) {
        Unpickler unpickler = new Unpickler(bytes, start, environment, limits);
        Object value = unpickler.run();
        unpickler.unknown.values().forEach(UnknownGlobal::check);
        ResultCheck.check(value, unpickler.at - start, limits);
        return new Loaded(value, unpickler.at);
    }

    private @Nullable Object run() {
        int origin = at;
        int start = at;
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
            String message = e.getMessage() + " (byte " + (start - origin) + " of the pickle)";
            if (e instanceof TruncatedPickleException truncated) {
                throw new TruncatedPickleException(message, truncated.needed());
            }
            throw new CheckpointException(message, e);
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
            case Opcode.INT -> push(TextNumbers.integer(asciiLine("an int"), limits.intBytes()));
            case Opcode.LONG -> push(TextNumbers.number(asciiLine("an int"), limits.intBytes()));
            case Opcode.FLOAT -> push(TextNumbers.real(asciiLine("a float")));
            case Opcode.BINFLOAT -> push(Double.longBitsToDouble(Long.reverseBytes(numbers.getLong(take(8)))));

            case Opcode.BINUNICODE -> push(text(u4()));
            case Opcode.SHORT_BINUNICODE -> push(text(u1()));
            case Opcode.BINUNICODE8 -> push(text(u8()));
            case Opcode.UNICODE -> push(Strings.unicode(lineBytes("a str")));
            // Python 2's str, which is bytes and yet nearly always a name
            case Opcode.STRING -> push(python2(Strings.quoted(lineBytes("a str"))));
            case Opcode.BINSTRING -> push(python2(bytes(numbers.getInt(take(4)))));
            case Opcode.SHORT_BINSTRING -> push(python2(bytes(u1())));
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
                dict(peek()).put(key(key), value);
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
                push(new FrozenSet(set));
            }

            case Opcode.BINGET -> push(recall(u1()));
            case Opcode.LONG_BINGET -> push(recall(u4()));
            case Opcode.GET -> push(recall(index()));
            case Opcode.PUT -> remember(index());
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
                if (!(module instanceof String moduleName)
                        || !(name instanceof String globalName)
                        || moduleName.length() > MAX_NAME
                        || globalName.length() > MAX_NAME) {
                    throw new CheckpointException("a global is named by " + Kinds.of(module) + " and " + Kinds.of(name)
                            + ", not by two short strings");
                }
                push(global(moduleName, globalName));
            }
            case Opcode.REDUCE, Opcode.NEWOBJ -> {
                Object arguments = pop();
                push(call(pop(), arguments, Map.of(), opcode == Opcode.NEWOBJ));
            }
            case Opcode.NEWOBJ_EX -> {
                if (!(pop() instanceof Map<?, ?> named)) {
                    throw new CheckpointException("the named arguments of an object are no dict");
                }
                Object arguments = pop();
                push(call(pop(), arguments, named, true));
            }
            case Opcode.INST -> {
                String module = line();
                Object known = global(module, line());
                push(call(known, new Tuple(popToMark()), Map.of(), true));
            }
            case Opcode.OBJ -> {
                List<@Nullable Object> parts = popToMark();
                if (parts.isEmpty()) {
                    throw new CheckpointException("an object is made of no class");
                }
                push(call(parts.get(0), new Tuple(parts.subList(1, parts.size())), Map.of(), true));
            }
            case Opcode.BUILD -> {
                Object state = pop();
                build(peek(), state);
            }
            case Opcode.BINPERSID -> push(environment.persistent(pop()));
            case Opcode.PERSID -> push(environment.persistent(line()));
            default -> throw new CheckpointException(unknown(opcode));
        }
    }

    private static String unknown(int opcode) {
        String shown = opcode > 32 && opcode < 127 ? "'" + (char) opcode + "'" : String.format("0x%02x", opcode);
        return "opcode " + shown + " is none of pickle's protocols 0 to 5 that is read";
    }

    private static void protocol(int version) {
        if (version > 5) {
            throw new CheckpointException("the pickle is of protocol " + version + "; 0 to 5 are read");
        }
    }

    private void skipFrame() {
        long length = u8();
        if (length < 0) {
            throw new CheckpointException("a length is negative: " + length);
        }
        if (length > pickle.length - at) {
            throw new TruncatedPickleException(
                    "a frame claims " + length + " bytes, but " + (pickle.length - at) + " are left", needed(length));
        }
    }

    // --- calls that are none -----------------------------------------------------------------------------------

    private Object global(String module, String name) {
        Object known = environment.global(module, name);
        if (known != null) {
            return known;
        }
        String full = module + "." + name;
        return environment.allows(full) ? new PythonGlobal(full) : unknown.computeIfAbsent(full, UnknownGlobal::new);
    }

    private static @Nullable Object call(
            @Nullable Object callee, @Nullable Object arguments, Map<?, ?> named, boolean isObject) {
        String name = callee instanceof PythonGlobal global ? global.name() : Kinds.of(callee);
        if (!(callee instanceof Global) && !(callee instanceof PythonGlobal) && !(callee instanceof UnknownGlobal)) {
            throw new CheckpointException("the pickle calls " + name + ", which is no function");
        }
        if (!(arguments instanceof Tuple tuple)) {
            throw new CheckpointException("the arguments of " + (callee instanceof Global global ? global.name() : name)
                    + " are " + Kinds.of(arguments) + " and no tuple");
        }
        if (callee instanceof PythonGlobal) {
            return new PythonObject(name, tuple, named);
        }
        if (callee instanceof UnknownGlobal unknown) {
            if (isObject && tuple.size() == 0 && named.isEmpty()) {
                return unknown.make();
            }
            throw unknown.refusal();
        }
        Global global = (Global) callee;
        if (!named.isEmpty()) {
            throw new CheckpointException(global.name() + " is given named arguments, which it does not take");
        }
        return global.builder().apply(new Arguments(global.name(), tuple.values()));
    }

    private void build(@Nullable Object object, @Nullable Object state) {
        if (object instanceof PythonObject record) {
            record.setState(state);
            return;
        }
        if (object instanceof OrderedDict dict) {
            setAttributes(dict, state);
            return;
        }
        if (object == null || !environment.build(object, state)) {
            throw new CheckpointException("the pickle sets the state of " + Kinds.of(object) + ", which has none");
        }
    }

    private static void setAttributes(OrderedDict dict, @Nullable Object state) {
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
        if (value instanceof PythonObject object) {
            return object.items();
        }
        if (!(value instanceof ArrayList)) {
            throw new CheckpointException("the pickle appends to " + Kinds.of(value));
        }
        return (List<@Nullable Object>) value;
    }

    @SuppressWarnings("unchecked") // every map here was made here
    private static Map<@Nullable Object, @Nullable Object> dict(@Nullable Object value) {
        if (value instanceof PythonObject object) {
            return object.entries();
        }
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

    private void putAll(Map<@Nullable Object, @Nullable Object> dict, List<@Nullable Object> items) {
        if (items.size() % 2 != 0) {
            throw new CheckpointException("a dict's last key has no value");
        }
        for (int i = 0; i < items.size(); i += 2) {
            dict.put(key(items.get(i)), items.get(i + 1));
        }
    }

    private void addAll(Set<@Nullable Object> set, List<@Nullable Object> values) {
        for (Object value : values) {
            set.add(key(value));
        }
    }

    private @Nullable Object key(@Nullable Object value) {
        return Keys.check(value, limits.keyValues());
    }

    // --- the stack and the memo --------------------------------------------------------------------------------

    private void push(@Nullable Object value) {
        if (top == stack.length) {
            if (top >= limits.stack()) {
                throw new CheckpointException("the pickle puts more than " + limits.stack() + " values on its stack");
            }
            stack = Arrays.copyOf(stack, (int) Math.min(top * 2L, limits.stack()));
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
        if (memo.size() >= limits.memo()) {
            throw new CheckpointException("the pickle remembers more than " + limits.memo() + " values");
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
        if (length < 0) {
            throw new CheckpointException("a length is negative: " + length);
        }
        if (length > pickle.length - at) {
            throw new TruncatedPickleException(
                    "the pickle ends too early: " + length + " bytes are claimed where " + (pickle.length - at)
                            + " are left",
                    needed(length));
        }
        int start = at;
        at += (int) length;
        return start;
    }

    private long needed(long length) {
        return length > Long.MAX_VALUE - at ? Long.MAX_VALUE : at + length;
    }

    /** Where the next {@code length} bytes of a str or of bytes start. */
    private int takeString(long length) {
        if (length > limits.stringBytes() && length <= pickle.length - at) {
            throw new CheckpointException(
                    "a str or bytes of " + length + " bytes; at most " + limits.stringBytes() + " are read");
        }
        return take(length);
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
        int start = takeString(length);
        return Arrays.copyOfRange(pickle, start, at);
    }

    private Number integer(long length) {
        if (length > limits.intBytes()) {
            throw new CheckpointException("an int of " + length + " bytes; at most " + limits.intBytes() + " are read");
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
        int start = takeString(length);
        int end = at;
        // names are ASCII: no decoder needed
        for (int i = start; i < end; i++) {
            if (pickle[i] < 0) {
                return Strings.utf8(pickle, start, end - start);
            }
        }
        return new String(pickle, start, end - start, StandardCharsets.ISO_8859_1);
    }

    /** Python 2's str: text, or bytes where it is none. */
    private static Object python2(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return bytes;
        }
    }

    /** The bytes up to the end of the line. */
    private byte[] lineBytes(String what) {
        int start = at;
        while (at < pickle.length && pickle[at] != '\n') {
            at++;
        }
        if (at == pickle.length) {
            at = start;
            throw new TruncatedPickleException("the pickle ends in " + what, pickle.length + 1L);
        }
        if (at - start > limits.stringBytes()) {
            throw new CheckpointException("a line of more than " + limits.stringBytes() + " bytes");
        }
        byte[] line = Arrays.copyOfRange(pickle, start, at);
        at++;
        return line;
    }

    private String asciiLine(String what) {
        return new String(lineBytes(what), StandardCharsets.ISO_8859_1);
    }

    private long index() {
        String digits = asciiLine("a memo's index");
        if (!digits.matches("[0-9]{1,10}")) {
            throw new CheckpointException("'" + TextNumbers.shown(digits) + "' is no index of a memo");
        }
        return Long.parseLong(digits);
    }

    /** The text up to the end of the line. */
    private String line() {
        byte[] line = lineBytes("a name");
        if (line.length > MAX_NAME) {
            throw new CheckpointException("a name of " + line.length + " bytes; at most " + MAX_NAME + " are read");
        }
        return Strings.utf8(line, 0, line.length);
    }
}
