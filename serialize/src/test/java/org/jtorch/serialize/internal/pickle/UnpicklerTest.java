package org.jtorch.serialize.internal.pickle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.Limits;
import org.jtorch.serialize.python.OrderedDict;
import org.jtorch.serialize.python.PythonGlobal;
import org.jtorch.serialize.python.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The machine, opcode by opcode; the pickles in hex are Python's. */
class UnpicklerTest {

    private static final Environment PLAIN = new Environment() {
        @Override
        public @Nullable Object global(String module, String name) {
            return name.equals("OrderedDict") ? new Global(module + "." + name, arguments -> new OrderedDict()) : null;
        }

        @Override
        public Object persistent(@Nullable Object id) {
            return new Stored(id);
        }

        @Override
        public boolean build(Object object, @Nullable Object state) {
            return false;
        }

        @Override
        public void called(String name) {}
    };

    /** What a persistent id leads to here. */
    private record Stored(@Nullable Object id) implements Internal {

        @Override
        public String description() {
            return "the persistent object storage " + id;
        }

        @Override
        public Object record() {
            return "storage " + id;
        }
    }

    private static final Limits LIMITS = new Limits();

    private static Object load(Object... parts) {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        for (Object part : parts) {
            if (part instanceof String text) {
                text.chars().forEach(pickle::write);
            } else {
                pickle.write((Integer) part);
            }
        }
        return Unpickler.load(pickle.toByteArray(), PLAIN, LIMITS);
    }

    private static String refusal(Object... parts) {
        return assertThrows(CheckpointException.class, () -> load(parts)).getMessage();
    }

    private static Object python(String hex) {
        return Unpickler.load(HexFormat.of().parseHex(hex), PLAIN, LIMITS);
    }

    /** {@code pickle.dumps([1, -1, 2**40, -2**70, 1.5, 'é', b'ab', (1,), (), {'a': None}, {1}, frozenset({2}), True], p)}. */
    @ParameterizedTest
    @ValueSource(strings = {PROTOCOL_4, PROTOCOL_5})
    void protocols(String hex) {
        List<?> list = (List<?>) python(hex);
        Map<String, Object> dict = new LinkedHashMap<>();
        dict.put("a", null);
        assertEquals(
                Arrays.asList(1L, -1L, 1L << 40, BigInteger.ONE.shiftLeft(70).negate(), 1.5, "\u00e9"),
                list.subList(0, 6));
        assertArrayEquals(new byte[] {'a', 'b'}, (byte[]) list.get(6));
        assertEquals(List.of(Tuple.of(1L), Tuple.EMPTY, dict, Set.of(1L), Set.of(2L), true), list.subList(7, 13));
    }

    static final String PROTOCOL_4 =
            "8004954b000000000000005d94284b014affffffff8a060000000000018a090000000000000000c0473ff80000"
                    + "000000008c02c3a99443026162944b018594297d948c0161944e738f94284b0190284b02919488652e";
    static final String PROTOCOL_5 =
            "8005954b000000000000005d94284b014affffffff8a060000000000018a090000000000000000c0473ff80000"
                    + "000000008c02c3a99443026162944b018594297d948c0161944e738f94284b0190284b02919488652e";

    @Test
    void integers() {
        assertEquals(0L, load(0x8a, 0, "."));
        assertEquals(-1L, load(0x8a, 1, 0xff, "."));
        assertEquals(255L, load(0x8a, 2, 0xff, 0, "."));
        assertEquals(Long.MIN_VALUE, load(0x8a, 8, 0, 0, 0, 0, 0, 0, 0, 0x80, "."));
        assertEquals(BigInteger.ONE.shiftLeft(63), load(0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0x80, 0, "."));
        assertEquals(-1L, load(0x8a, 9, 255, 255, 255, 255, 255, 255, 255, 255, 255, "."));
        assertEquals(-2L, load("J", 0xfe, 0xff, 0xff, 0xff, "."));
        assertEquals(65535L, load("M", 0xff, 0xff, "."));
    }

    @Test
    void oldContainers() {
        assertEquals(List.of(1L, 2L), load("(K", 1, "K", 2, "l."));
        assertEquals(Map.of(1L, 2L), load("(K", 1, "K", 2, "d."));
        assertEquals(List.of(List.of(), 1L), load("](]K", 1, "e."));
        assertEquals("ab", load("U", 2, "ab."));
        assertEquals(Tuple.of(1L, 1L), load("K", 1, "2", 0x86, "."));
        assertEquals(3L, load("K", 3, "(K", 1, "K", 2, "1."));
        assertEquals(4L, load("K", 4, "(0."));
    }

    @Test
    void aDictsLaterValueWins() {
        assertEquals(Map.of("a", 2L), load("}(U", 1, "aK", 1, "U", 1, "aK", 2, "u."));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "80 06 4e 2e | protocol 6",
                "28 2e | from its empty stack",
                "4e 4e 2e | leaves 1 values on its stack",
                "4e 28 2e | from its empty stack",
                "74 2e | mark that it never made",
                "4b 01 4b 02 61 2e | appends to an int",
                "29 4b 02 61 2e | appends to a tuple",
                "5d 4b 01 4b 02 73 2e | sets an item of a list",
                "7d 28 4b 01 75 2e | last key has no value",
                "7d 5d 4b 01 73 2e | a list cannot be a key",
                "7d 7d 4b 01 73 2e | a dict cannot be a key",
                "7d 28 29 85 5d 86 4b 01 75 2e | a list cannot be a key",
                "8f 28 5d 90 2e | a list cannot be a key or a member",
                "5d 28 4b 01 90 2e | adds to a list",
                "58 ff ff ff ff 2e | 4294967295 bytes are claimed",
                "8d ff ff ff ff ff ff ff ff 2e | a length is negative",
                "54 ff ff ff ff 2e | a length is negative",
                "8d 00 00 00 00 00 00 00 7f 2e | bytes are claimed",
                "95 ff ff ff ff 00 00 00 00 4e 2e | a frame claims 4294967295",
                "8b ff ff ff 7f 2e | an int of 2147483647 bytes",
                "58 02 00 00 00 c3 28 2e | not in UTF-8",
                "63 61 0a 62 | ends in a name",
                "4b 01 4b 02 93 2e | a global is named by an int and an int",
                "63 63 0a 4f 72 64 65 72 65 64 44 69 63 74 0a 4b 01 52 2e | arguments of c.OrderedDict are an int",
                "63 63 0a 4f 72 64 65 72 65 64 44 69 63 74 0a 29 7d 92 2e | ",
                "68 00 2e | recalls value 0",
                "6a ff ff ff ff 2e | recalls value 4294967295",
                "63 63 0a 4f 72 64 65 72 65 64 44 69 63 74 0a 29 52 4b 01 62 2e | attributes of an OrderedDict are an int",
                "63 63 0a 4f 72 64 65 72 65 64 44 69 63 74 0a 29 52 7d 4b 01 4b 01 73 62 2e | attribute of an OrderedDict is named by an int",
                "82 01 2e | opcode 0x82",
                "97 2e | opcode 0x97",
                "28 6f 2e | created without a class",
                "28 4b 01 6f 2e | calls an int",
                "6f 2e | mark that it never made",
                "49 31 78 0a 2e | '1x' is not an int",
                "4c 0a 2e | '' is not an int",
                "46 31 5f 30 0a 2e | '1_0' is not a float",
                "53 61 0a 2e | not in quotes",
                "53 27 5c 27 0a 2e | broken escape",
                "53 27 5c 78 67 67 27 0a 2e | broken escape",
                "56 5c 75 31 0a 2e | broken escape",
                "56 5c 55 46 46 46 46 46 46 46 46 0a 2e | broken escape",
                "4e 67 39 39 39 39 39 39 39 39 39 39 39 0a 2e | not an index of a memo"
            })
    void refused(String hex, @Nullable String reason) {
        byte[] pickle = HexFormat.ofDelimiter(" ").parseHex(hex.strip());
        if (reason == null) {
            assertEquals(new OrderedDict(), Unpickler.load(pickle, PLAIN, LIMITS));
            return;
        }
        CheckpointException e = assertThrows(CheckpointException.class, () -> Unpickler.load(pickle, PLAIN, LIMITS));
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }

    /** What is not known is a record: the name of a class, or an object with what it would have been made of. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "63 6f 73 0a 73 79 73 74 65 6d 0a 2e | <os.system>",
                "8c 02 6f 73 8c 06 73 79 73 74 65 6d 93 2e | <os.system>",
                "28 69 6f 73 0a 73 79 73 74 65 6d 0a 2e | <os.system object>",
                "63 6f 73 0a 73 79 73 74 65 6d 0a 4b 01 85 52 2e | <os.system object>",
                "63 6f 73 0a 73 79 73 74 65 6d 0a 29 52 29 52 2e | <os.system.__call__ object>"
            })
    void records(String hex, String text) {
        Object value = Unpickler.load(HexFormat.ofDelimiter(" ").parseHex(hex.strip()), PLAIN, LIMITS);
        assertEquals(text, value instanceof PythonGlobal global ? "<" + global.name() + ">" : String.valueOf(value));
    }

    /** A class that is known, or a storage, is left in the result as what has a record. */
    @Test
    void knownNamesThatAreNotCalled() {
        Global known = assertInstanceOf(Global.class, load("cc\nOrderedDict\n."));
        assertEquals(new PythonGlobal("c.OrderedDict"), known.record());
        assertEquals(
                new PythonGlobal("c.OrderedDict"),
                ((Internal) ((List<?>) load("]cc\nOrderedDict\na.")).get(0)).record());
        assertEquals(
                "storage null", assertInstanceOf(Internal.class, load("NQ.")).record());
        assertEquals(
                "storage a", assertInstanceOf(Internal.class, load("Pa\n.")).record());
    }

    @Test
    void memoIndicesOfAnySizeAreCheap() {
        assertEquals(
                Tuple.of(1L, 1L), load("K", 1, "r", 0xff, 0xff, 0xff, 0xff, "j", 0xff, 0xff, 0xff, 0xff, 0x86, "."));
        assertEquals(Tuple.of(null, null), load("Nq", 9, "h", 9, 0x86, "."));
    }

    @Test
    void deepNestingThroughTheMemo() {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        // each list contains the previous one, although none is deep when it is created
        pickle.writeBytes(new byte[] {']', (byte) 0x94});
        for (int i = 0; i < 1200; i++) {
            pickle.write('0');
            pickle.writeBytes(new byte[] {']', 'j', (byte) i, (byte) (i >> 8), 0, 0, 'a', (byte) 0x94});
        }
        pickle.write('.');
        CheckpointException e =
                assertThrows(CheckpointException.class, () -> Unpickler.load(pickle.toByteArray(), PLAIN, LIMITS));
        assertTrue(e.getMessage().contains("1000 deep"), e.getMessage());
    }

    @Test
    void aKeyThatGrowsThroughTheMemo() {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.writeBytes(new byte[] {'}', ')', (byte) 0x94});
        for (int i = 0; i < 40; i++) {
            pickle.writeBytes(new byte[] {'h', (byte) i, (byte) 0x86, (byte) 0x94});
        }
        pickle.writeBytes(new byte[] {'N', 's', '.'});
        CheckpointException e =
                assertThrows(CheckpointException.class, () -> Unpickler.load(pickle.toByteArray(), PLAIN, LIMITS));
        assertTrue(e.getMessage().contains("a key of more than 1000 values"), e.getMessage());
    }

    @Test
    void theStackHasAnEnd() {
        byte[] pickle = new byte[LIMITS.stack() + 10];
        Arrays.fill(pickle, (byte) 'N');
        CheckpointException e = assertThrows(CheckpointException.class, () -> Unpickler.load(pickle, PLAIN, LIMITS));
        assertTrue(e.getMessage().contains("on its stack"), e.getMessage());
    }

    @Test
    void messagesSayWhere() {
        assertTrue(refusal("]K", 1, "a", 0xfe, ".").endsWith("(byte 4 of the pickle)"));
    }
}
