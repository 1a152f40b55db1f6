package org.jtorch.serialize.pickle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jtorch.serialize.CheckpointException;

/** Strings as pickle writes them: UTF-8, and in protocol 0 with escapes. */
final class Strings {

    private Strings() {}

    static String utf8(byte[] bytes, int start, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, start, length))
                    .toString();
        } catch (CharacterCodingException e) {
            // Python writes lone surrogates as if they were characters ("surrogatepass"); Java has no such text either
            throw new CheckpointException("a str is not in UTF-8", e);
        }
    }

    /** Python's raw-unicode-escape: Latin-1, and all else by its number. */
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

    /** Python 2's repr of a str: in quotes, with backslashes. */
    static byte[] quoted(byte[] line) {
        int length = line.length;
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        if (length < 2 || (line[0] != '\'' && line[0] != '"') || line[length - 1] != line[0]) {
            throw new CheckpointException("a str of protocol 0 stands in no quotes");
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
