package org.jtorch.serialize.internal.pickle;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.Limits;

/** Reads the bytes of a pickle, one value after the other. Each length is checked against the bytes that are left. */
public final class PickleInput {

    /** The greatest number of bytes of the name of a class or module. */
    static final int MAX_NAME = 1000;

    private final byte[] pickle;
    private final ByteBuffer numbers;
    private final Limits limits;
    private int at;

    PickleInput(byte[] pickle, int start, Limits limits) {
        this.pickle = pickle;
        this.numbers = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
        this.limits = limits;
        this.at = start;
    }

    /** Returns the position of the next value. */
    int at() {
        return at;
    }

    /** Takes {@code length} bytes, and returns their position. */
    private int take(long length) {
        if (length < 0) {
            throw new CheckpointException("a length is negative: " + length);
        }
        if (length > pickle.length - at) {
            throw new TruncatedPickleException(
                    "the pickle ends too early: " + length + " bytes are claimed, but " + (pickle.length - at)
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

    /** Takes {@code length} bytes of a str or of bytes, and returns their position. */
    private int takeString(long length) {
        if (length > limits.stringBytes() && length <= pickle.length - at) {
            throw new CheckpointException(
                    "a str or bytes of " + length + " bytes; at most " + limits.stringBytes() + " are read");
        }
        return take(length);
    }

    /** Skips the head of a frame, after checking that its bytes exist. */
    void skipFrame() {
        long length = u8();
        if (length < 0) {
            throw new CheckpointException("a length is negative: " + length);
        }
        if (length > pickle.length - at) {
            throw new TruncatedPickleException(
                    "a frame claims " + length + " bytes, but " + (pickle.length - at) + " are left", needed(length));
        }
    }

    int u1() {
        return pickle[take(1)] & 0xff;
    }

    long u2() {
        return Short.toUnsignedInt(numbers.getShort(take(2)));
    }

    int i4() {
        return numbers.getInt(take(4));
    }

    double float64() {
        return Double.longBitsToDouble(Long.reverseBytes(numbers.getLong(take(8))));
    }

    long u4() {
        return Integer.toUnsignedLong(numbers.getInt(take(4)));
    }

    long u8() {
        return numbers.getLong(take(8));
    }

    byte[] bytes(long length) {
        int start = takeString(length);
        return Arrays.copyOfRange(pickle, start, at);
    }

    Number integer(long length) {
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

    String text(long length) {
        int start = takeString(length);
        int end = at;
        // names are ASCII, so no decoder is needed
        for (int i = start; i < end; i++) {
            if (pickle[i] < 0) {
                return Strings.utf8(pickle, start, end - start);
            }
        }
        return new String(pickle, start, end - start, StandardCharsets.ISO_8859_1);
    }

    /** Returns a str of Python 2: text if it is valid, otherwise bytes. */
    static Object python2(byte[] bytes) {
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

    /** Returns the bytes up to the end of the line. */
    byte[] lineBytes(String what) {
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

    String asciiLine(String what) {
        return new String(lineBytes(what), StandardCharsets.ISO_8859_1);
    }

    long index() {
        String digits = asciiLine("a memo's index");
        if (!digits.matches("[0-9]{1,10}")) {
            throw new CheckpointException("'" + TextNumbers.shown(digits) + "' is not an index of a memo");
        }
        return Long.parseLong(digits);
    }

    /** Returns the text up to the end of the line. */
    String line() {
        byte[] line = lineBytes("a name");
        if (line.length > MAX_NAME) {
            throw new CheckpointException("a name of " + line.length + " bytes; at most " + MAX_NAME + " are read");
        }
        return Strings.utf8(line, 0, line.length);
    }
}
