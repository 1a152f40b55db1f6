package org.jtorch.serialize.internal.pickle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jtorch.serialize.format.CheckpointException;

/** Decodes pickle's strings: UTF-8, and in protocol 0 text with escapes. */
public final class Strings {

    private Strings() {}

    static String utf8(byte[] bytes, int start, int length) {
        try {
            return decoded(bytes, start, length).toString();
        } catch (CharacterCodingException e) {
            return withSurrogates(bytes, start, length, e);
        }
    }

    /**
     * Decodes text with halves of surrogate pairs, which Python writes as characters of three bytes. Python reads file
     * names that are not in UTF-8 as such text.
     */
    private static String withSurrogates(byte[] bytes, int start, int length, CharacterCodingException cause) {
        StringBuilder text = new StringBuilder(length);
        int end = start + length;
        int from = start;
        for (int i = start; i + 2 < end; i++) {
            if (bytes[i] == (byte) 0xed && (bytes[i + 1] & 0xe0) == 0xa0 && (bytes[i + 2] & 0xc0) == 0x80) {
                text.append(strict(bytes, from, i - from, cause));
                text.append((char) (0xd000 | (bytes[i + 1] & 0x3f) << 6 | bytes[i + 2] & 0x3f));
                from = i + 3;
                i += 2;
            }
        }
        return text.append(strict(bytes, from, end - from, cause)).toString();
    }

    private static CharBuffer strict(byte[] bytes, int start, int length, CharacterCodingException cause) {
        try {
            return decoded(bytes, start, length);
        } catch (CharacterCodingException e) {
            e.addSuppressed(cause);
            throw new CheckpointException("a str is not in UTF-8", e);
        }
    }

    private static CharBuffer decoded(byte[] bytes, int start, int length) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(bytes, start, length));
    }

    /** Decodes Python's raw-unicode-escape: Latin-1, and all other characters by their numbers. */
    static String unicode(byte[] line) {
        StringBuilder text = new StringBuilder(line.length);
        for (int i = 0; i < line.length; i++) {
            int digits =
                    line[i] != '\\' || i + 1 == line.length ? 0 : line[i + 1] == 'u' ? 4 : line[i + 1] == 'U' ? 8 : 0;
            if (digits == 0) {
                text.append((char) (line[i] & 0xff));
            } else {
                int code = hex(line, i + 2, digits);
                if (!Character.isValidCodePoint(code)) {
                    throw broken();
                }
                text.appendCodePoint(code);
                i += 1 + digits;
            }
        }
        return text.toString();
    }

    /** Decodes the repr of a str in Python 2: in quotes, with backslashes. */
    static byte[] quoted(byte[] line) {
        int length = line.length;
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        if (length < 2 || (line[0] != '\'' && line[0] != '"') || line[length - 1] != line[0]) {
            throw new CheckpointException("a str of protocol 0 is not in quotes");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(length);
        for (int i = 1; i < length - 1; i++) {
            if (line[i] != '\\') {
                bytes.write(line[i]);
                continue;
            }
            if (++i == length - 1) {
                throw broken();
            }
            switch (line[i]) {
                case '\\', '\'', '"' -> bytes.write(line[i]);
                case 'n' -> bytes.write('\n');
                case 'r' -> bytes.write('\r');
                case 't' -> bytes.write('\t');
                case 'x' -> {
                    bytes.write(hex(line, i + 1, 2));
                    i += 2;
                }
                default -> throw broken();
            }
        }
        return bytes.toByteArray();
    }

    private static int hex(byte[] line, int at, int digits) {
        if (at + digits > line.length) {
            throw broken();
        }
        int value = 0;
        for (int i = at; i < at + digits; i++) {
            int digit = Character.digit(line[i], 16);
            if (digit < 0) {
                throw broken();
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private static CheckpointException broken() {
        return new CheckpointException("a str of protocol 0 has a broken escape");
    }
}
