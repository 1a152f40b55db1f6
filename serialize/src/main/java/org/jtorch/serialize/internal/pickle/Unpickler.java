package org.jtorch.serialize.internal.pickle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.Limits;
import org.jtorch.serialize.python.FrozenSet;
import org.jtorch.serialize.python.OrderedDict;
import org.jtorch.serialize.python.PythonGlobal;
import org.jtorch.serialize.python.PythonObject;
import org.jtorch.serialize.python.Tuple;

/**
 * Reads a pickle of protocol 0 to 5 as data. It is a machine with a stack, as the format requires, but calls nothing. Names
 * in the pickle are looked up in an {@link Environment}, which can build a few kinds of data. Everything else becomes a
 * {@link PythonObject}, a record of its description in the pickle.
 *
 * <p>dict, list, set, frozenset and OrderedDict become {@link LinkedHashMap}, {@link ArrayList}, {@link LinkedHashSet},
 * {@link FrozenSet} and {@link OrderedDict}; tuple becomes {@link Tuple}; int becomes {@link Long} or, if it does not fit,
 * {@link java.math.BigInteger}; float becomes {@link Double}; str becomes {@link String}; bytes and bytearray become {@code
 * byte[]}; None becomes null.
 */
public final class Unpickler {

    /** The value on the stack for a MARK. */
    private static final Object MARK = new Object();

    private final PickleInput input;
    private final Environment environment;
    /** Appended to the name of an object that was called, once. */
    private static final String CALL = ".__call__";

    private final Limits limits;
    private final Memo memo = new Memo();
    private final Keys keys;
    private @Nullable Object[] stack;
    private int top;

    private Unpickler(byte[] pickle, int start, Environment environment, Limits limits) {
        this.input = new PickleInput(pickle, start, limits);
        this.environment = environment;
        this.limits = limits;
        this.keys = new Keys(limits, pickle.length - start);
        this.stack = new Object[Math.min(256, limits.stack())];
    }

    /**
     * The value of a pickle, and its end.
     *
     * @param value null if it is None; {@link Internal} values in it represent their records
     * @param end the position after the pickle
     */
    public record Loaded(@Nullable Object value, int end) {}

    /**
     * Reads a pickle.
     *
     * @return its value; null if it is None
     * @throws CheckpointException if it is damaged, names something unknown, or exceeds a limit
     */
    public static @Nullable Object load(byte[] pickle, Environment environment, Limits limits) {
        return load(pickle, 0, environment, limits).value();
    }

    /**
     * Reads the pickle that begins at {@code start}.
     *
     * @throws TruncatedPickleException if it does not end within {@code bytes}
     * @throws CheckpointException if it is damaged, names something unknown, or exceeds a limit
     */
    public static Loaded load(byte[] bytes, int start, Environment environment, Limits limits) {
        Unpickler unpickler = new Unpickler(bytes, start, environment, limits);
        Object value = unpickler.run();
        ResultCheck.check(value, unpickler.input.at() - start, limits);
        return new Loaded(value, unpickler.input.at());
    }

    private @Nullable Object run() {
        int origin = input.at();
        int start = origin;
        try {
            while (true) {
                start = input.at();
                int opcode = input.u1();
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
            throw new CheckpointException("the pickle leaves " + top + " values on its stack");
        }
        return value;
    }

    private void step(int opcode) {
        switch (opcode) {
            case Opcode.PROTO -> protocol(input.u1());
            case Opcode.FRAME -> input.skipFrame();
            case Opcode.MARK -> push(MARK);
            case Opcode.POP -> drop();
            case Opcode.POP_MARK -> popToMark();
            case Opcode.DUP -> push(peek());

            case Opcode.NONE -> push(null);
            case Opcode.NEWTRUE -> push(true);
            case Opcode.NEWFALSE -> push(false);
            case Opcode.BININT -> push((long) input.i4());
            case Opcode.BININT1 -> push((long) input.u1());
            case Opcode.BININT2 -> push(input.u2());
            case Opcode.LONG1 -> push(input.integer(input.u1()));
            case Opcode.LONG4 -> push(input.integer(input.u4()));
            case Opcode.INT -> push(TextNumbers.integer(input.asciiLine("an int"), limits.intBytes()));
            case Opcode.LONG -> push(TextNumbers.number(input.asciiLine("an int"), limits.intBytes()));
            case Opcode.FLOAT -> push(TextNumbers.real(input.asciiLine("a float")));
            case Opcode.BINFLOAT -> push(input.float64());

            case Opcode.BINUNICODE -> push(input.text(input.u4()));
            case Opcode.SHORT_BINUNICODE -> push(input.text(input.u1()));
            case Opcode.BINUNICODE8 -> push(input.text(input.u8()));
            case Opcode.UNICODE -> push(Strings.unicode(input.lineBytes("a str")));
            // a str of Python 2, which is bytes, but is usually a name
            case Opcode.STRING -> push(PickleInput.python2(Strings.quoted(input.lineBytes("a str"))));
            case Opcode.BINSTRING -> push(PickleInput.python2(input.bytes(input.i4())));
            case Opcode.SHORT_BINSTRING -> push(PickleInput.python2(input.bytes(input.u1())));
            case Opcode.BINBYTES -> push(input.bytes(input.u4()));
            case Opcode.SHORT_BINBYTES -> push(input.bytes(input.u1()));
            case Opcode.BINBYTES8, Opcode.BYTEARRAY8 -> push(input.bytes(input.u8()));

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
                keys.put(dict(peek()), key, value);
            }
            case Opcode.SETITEMS -> {
                List<@Nullable Object> items = popToMark();
                putAll(dict(peek()), items);
            }
            case Opcode.EMPTY_SET -> push(new LinkedHashSet<>());
            case Opcode.ADDITEMS -> {
                List<@Nullable Object> values = popToMark();
                if (peek() instanceof PythonObject object) {
                    object.items().addAll(values);
                } else {
                    addAll(set(peek()), values);
                }
            }
            case Opcode.FROZENSET -> {
                Set<@Nullable Object> set = new LinkedHashSet<>();
                addAll(set, popToMark());
                push(new FrozenSet(set));
            }

            case Opcode.BINGET -> push(recall(input.u1()));
            case Opcode.LONG_BINGET -> push(recall(input.u4()));
            case Opcode.GET -> push(recall(input.index()));
            case Opcode.PUT -> remember(input.index());
            case Opcode.BINPUT -> remember(input.u1());
            case Opcode.LONG_BINPUT -> remember(input.u4());
            case Opcode.MEMOIZE -> remember(memo.size());

            case Opcode.GLOBAL -> {
                String module = input.line();
                push(global(module, input.line()));
            }
            case Opcode.STACK_GLOBAL -> {
                Object name = pop();
                Object module = pop();
                if (!(module instanceof String moduleName)
                        || !(name instanceof String globalName)
                        || moduleName.length() > PickleInput.MAX_NAME
                        || globalName.length() > PickleInput.MAX_NAME) {
                    throw new CheckpointException("a global is named by " + Kinds.of(module) + " and " + Kinds.of(name)
                            + ", not by two short strings");
                }
                push(global(moduleName, globalName));
            }
            case Opcode.REDUCE, Opcode.NEWOBJ -> {
                Object arguments = pop();
                push(call(pop(), arguments, Map.of()));
            }
            case Opcode.NEWOBJ_EX -> {
                if (!(pop() instanceof Map<?, ?> named)) {
                    throw new CheckpointException("the named arguments of an object are not a dict");
                }
                Object arguments = pop();
                push(call(pop(), arguments, named));
            }
            case Opcode.INST -> {
                String module = input.line();
                Object known = global(module, input.line());
                push(call(known, new Tuple(popToMark()), Map.of()));
            }
            case Opcode.OBJ -> {
                List<@Nullable Object> parts = popToMark();
                if (parts.isEmpty()) {
                    throw new CheckpointException("an object is created without a class");
                }
                push(call(parts.get(0), new Tuple(parts.subList(1, parts.size())), Map.of()));
            }
            case Opcode.BUILD -> {
                Object state = pop();
                build(peek(), state);
            }
            case Opcode.BINPERSID -> push(environment.persistent(pop()));
            case Opcode.PERSID -> push(environment.persistent(input.line()));
            default -> throw new CheckpointException(unknown(opcode));
        }
    }

    private static String unknown(int opcode) {
        String shown = opcode > 32 && opcode < 127 ? "'" + (char) opcode + "'" : String.format("0x%02x", opcode);
        return "opcode " + shown + " is not one of pickle's protocols 0 to 5 that jtorch reads";
    }

    private static void protocol(int version) {
        if (version > 5) {
            throw new CheckpointException("the pickle is of protocol " + version + "; 0 to 5 are read");
        }
    }

    // --- records of calls --------------------------------------------------------------------------------------

    private Object global(String module, String name) {
        Object known = environment.global(module, name);
        if (known != null) {
            return known;
        }
        return new PythonGlobal(module + "." + name);
    }

    /**
     * Returns the result of a call: the data that a known name builds, or a record of the name and the arguments. A record
     * is also created if a known name does not understand its arguments.
     */
    private @Nullable Object call(@Nullable Object callee, @Nullable Object arguments, Map<?, ?> named) {
        if (!(callee instanceof Global) && !(callee instanceof PythonGlobal) && !(callee instanceof PythonObject)) {
            throw new CheckpointException("the pickle calls " + Kinds.of(callee) + ", which is not a function");
        }
        String name = callee instanceof Global known
                ? known.name()
                : callee instanceof PythonGlobal unknown ? unknown.name() : ((PythonObject) callee).name();
        if (!(arguments instanceof Tuple) && callee instanceof Global) {
            throw new CheckpointException("the arguments of " + name + " are " + Kinds.of(arguments) + ", not a tuple");
        }
        // TorchScript passes only the value of an enum
        Tuple tuple = arguments instanceof Tuple several ? several : Tuple.of(arguments);
        if (callee instanceof Global known && named.isEmpty()) {
            try {
                return known.builder().apply(new Arguments(name, tuple.values()));
            } catch (NotUnderstoodException e) {
                return record(name, tuple, Map.of());
            }
        }
        if (callee instanceof PythonObject object) {
            return record(name.endsWith(CALL) ? name : name + CALL, Tuple.of(object, tuple), named);
        }
        return record(name, tuple, named);
    }

    private PythonObject record(String name, Tuple arguments, Map<?, ?> named) {
        environment.called(name);
        return new PythonObject(name, arguments, named);
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
            throw new CheckpointException("the attributes of an OrderedDict are " + Kinds.of(state) + ", not a dict");
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

    @SuppressWarnings("unchecked") // this class created every list
    private static List<@Nullable Object> list(@Nullable Object value) {
        if (value instanceof PythonObject object) {
            return object.items();
        }
        if (!(value instanceof ArrayList)) {
            throw new CheckpointException("the pickle appends to " + Kinds.of(value));
        }
        return (List<@Nullable Object>) value;
    }

    @SuppressWarnings("unchecked") // this class created every map
    private static Map<@Nullable Object, @Nullable Object> dict(@Nullable Object value) {
        if (value instanceof PythonObject object) {
            return object.entries();
        }
        if (!(value instanceof LinkedHashMap)) {
            throw new CheckpointException("the pickle sets an item of " + Kinds.of(value));
        }
        return (Map<@Nullable Object, @Nullable Object>) value;
    }

    @SuppressWarnings("unchecked") // this class created every set
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
            keys.put(dict, items.get(i), items.get(i + 1));
        }
    }

    private void addAll(Set<@Nullable Object> set, List<@Nullable Object> values) {
        for (Object value : values) {
            keys.add(set, value);
        }
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
            throw new CheckpointException("the pickle takes a value from its empty stack");
        }
        return stack[top - 1];
    }

    private void drop() {
        if (top == 0) {
            throw new CheckpointException("the pickle takes a value from its empty stack");
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
            throw new CheckpointException("the pickle recalls value " + index + ", which it never stored");
        }
        return memo.get(index);
    }
}
