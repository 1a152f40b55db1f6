package org.jtorch.serialize.internal.read;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.file.ForeignFormats;
import org.jtorch.serialize.internal.file.MappedFile;
import org.jtorch.serialize.internal.torch.LegacyReader;

/** Recognizes formats by their first bytes. Names are not trusted. */
public final class FormatDetection {

    /** The format according to a file's first bytes. */
    public enum Kind {
        ZIP,
        LEGACY,
        SAFETENSORS,
        INDEX
    }

    private static final int ZIP = 0x04034b50;

    /** The signature of an archive without entries. */
    private static final int EMPTY_ZIP = 0x06054b50;

    private static final int HEAD = 1024;

    private FormatDetection() {}

    public static Kind of(MappedFile file) {
        ByteBuffer head = file.at(0, (int) Math.min(file.size(), HEAD));
        int length = head.remaining();
        if (length >= 4 && (head.getInt(0) == ZIP || head.getInt(0) == EMPTY_ZIP)) {
            return Kind.ZIP;
        }
        byte[] bytes = new byte[length];
        head.get(0, bytes);
        // the length of a header is a number with few bytes, where JSON has text
        if (length > 8 && bytes[8] == '{' && bytes[6] == 0 && bytes[5] == 0
                || length > 8 && bytes[8] == '{' && bytes[0] != '{') {
            return Kind.SAFETENSORS;
        }
        if (isLegacy(bytes)) {
            return Kind.LEGACY;
        }
        int start = 0;
        while (start < length && (bytes[start] == ' ' || (bytes[start] >= '\t' && bytes[start] <= '\r'))) {
            start++;
        }
        if (start < length && bytes[start] == '{') {
            return Kind.INDEX;
        }
        String foreign = ForeignFormats.of(bytes);
        if (foreign != null) {
            throw new CheckpointException(foreign);
        }
        throw new CheckpointException("is not a checkpoint: it begins with '"
                + shown(Arrays.copyOf(bytes, Math.min(length, 16)))
                + "', but files of torch.save and safetensors begin differently");
    }

    /** Returns whether the first pickle is the magic number of the old format, in any protocol. */
    private static boolean isLegacy(byte[] bytes) {
        byte[] magic = LegacyReader.MAGIC.toByteArray();
        byte[] text = LegacyReader.MAGIC.toString().getBytes(StandardCharsets.US_ASCII);
        int digits = bytes.length > 2 && (bytes[0] & 0xff) == 0x80 ? 2 : 0;
        if (bytes.length > digits + 2 && bytes[digits] == 'L') {
            return startsWith(bytes, digits + 1, text);
        }
        // 0x8a: an int with its number of bytes, the lowest first
        if (digits == 0 || bytes.length < 14 || (bytes[2] & 0xff) != 0x8a && (bytes[2] & 0xff) != 0x95) {
            return false;
        }
        int at = (bytes[2] & 0xff) == 0x95 ? 11 : 2;
        for (int i = 0; i < magic.length; i++) {
            if (at + 2 + i >= bytes.length || bytes[at + 2 + i] != magic[magic.length - 1 - i]) {
                return false;
            }
        }
        return (bytes[at] & 0xff) == 0x8a;
    }

    private static boolean startsWith(byte[] bytes, int at, byte[] expected) {
        return bytes.length >= at + expected.length
                && Arrays.equals(bytes, at, at + expected.length, expected, 0, expected.length);
    }

    private static String shown(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (char c : new String(bytes, StandardCharsets.ISO_8859_1).toCharArray()) {
            text.append(c >= ' ' && c < 127 ? c : '.');
        }
        return text.toString();
    }
}
