package org.jtorch.serialize.internal.safetensors;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.format.CheckpointException;

/**
 * Checksums in a safetensors file, which the format itself has none of: the value of {@code jtorch.crc32} in the header's
 * {@code __metadata__}, where other readers pass over it. It is a row of CRC-32 numbers, eight hexadecimal digits each, with a space
 * between them: first that of the header's JSON, with zeros for the digits of this value; then one for each tensor's bytes, in the
 * header's order.
 */
public final class SafetensorsChecksums {

    /** The key in {@code __metadata__}. */
    static final String KEY = "jtorch.crc32";

    /** What a header with checksums begins with; so it is known where the value stands. */
    private static final byte[] BEGINNING =
            ("{\"__metadata__\":{\"" + KEY + "\":\"").getBytes(StandardCharsets.US_ASCII);

    private static final String ZERO = "00000000";

    private SafetensorsChecksums() {}

    /** The value, as long as the bytes are not known. */
    static String placeholder(int tensors) {
        return ZERO + (" " + ZERO).repeat(tensors);
    }

    /** Where the value stands in a header's JSON. */
    static int position() {
        return BEGINNING.length;
    }

    /** The value for a header whose JSON has the placeholder. */
    static byte[] value(byte[] json, int[] tensors) {
        StringBuilder value = new StringBuilder(hex(crc(json)));
        for (int tensor : tensors) {
            value.append(' ').append(hex(tensor));
        }
        return value.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * The tensors' checksums in a header, which is compared with its own.
     *
     * @param json the header, with its padding
     * @param value what it has under {@link #KEY}; null for nothing
     * @param count how many tensors it tells of
     * @return one for each; null if it has none
     * @throws CheckpointException if the header does not fit its checksum
     */
    static int @Nullable [] of(byte[] json, @Nullable String value, int count) {
        if (value == null) {
            return null;
        }
        String[] numbers = value.split(" ", -1);
        byte[] original = json.clone();
        boolean fits = value.length() == placeholder(count).length()
                && value.matches("[0-9a-f]{8}( [0-9a-f]{8})*")
                && Arrays.equals(json, 0, Math.min(json.length, BEGINNING.length), BEGINNING, 0, BEGINNING.length);
        if (fits) {
            byte[] zeros = placeholder(count).getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(zeros, 0, original, BEGINNING.length, zeros.length);
            fits = hex(crc(original)).equals(numbers[0]);
        }
        if (!fits) {
            throw new CheckpointException("the header does not fit its checksum (" + KEY
                    + "): it is damaged, or another program has written the file and kept the checksums of the one before;"
                    + " if so, load it without verify and save it again");
        }
        int[] tensors = new int[count];
        for (int i = 0; i < count; i++) {
            tensors[i] = (int) Long.parseLong(numbers[i + 1], 16);
        }
        return tensors;
    }

    /** Compares a tensor's checksum. */
    static void check(String name, int expected, CRC32 actual) {
        if (expected != (int) actual.getValue()) {
            throw new CheckpointException(
                    "tensor '" + name + "' is damaged: its CRC-32 is " + hex((int) actual.getValue())
                            + ", but was " + hex(expected)
                            + " when it was written (or another program has changed it, and kept the"
                            + " checksums: then load it without verify and save it again)");
        }
    }

    private static int crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private static String hex(int value) {
        return String.format("%08x", value);
    }
}
