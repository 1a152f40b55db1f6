package org.jtorch.serialize.internal.safetensors;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.format.CheckpointException;

/**
 * Checksums in a safetensors file, for which the format itself has no field. They are the value of {@code jtorch.crc32} in
 * the header's {@code __metadata__}, which other readers ignore. The value is a list of CRC-32 numbers of eight hexadecimal
 * digits, separated by spaces: first that of the header's JSON, with zeros for the digits of this value; then one for the
 * bytes of each tensor, in the order of the header.
 */
public final class SafetensorsChecksums {

    /** The key in {@code __metadata__}. */
    static final String KEY = "jtorch.crc32";

    /** The beginning of a header with checksums, which determines the position of the value. */
    private static final byte[] BEGINNING =
            ("{\"__metadata__\":{\"" + KEY + "\":\"").getBytes(StandardCharsets.US_ASCII);

    private static final String ZERO = "00000000";

    private SafetensorsChecksums() {}

    /** Returns the value before the bytes are known. */
    static String placeholder(int tensors) {
        return ZERO + (" " + ZERO).repeat(tensors);
    }

    /** Returns the position of the value in a header's JSON. */
    static int position() {
        return BEGINNING.length;
    }

    /** Returns the value for a header whose JSON has the placeholder. */
    static byte[] value(byte[] json, int[] tensors) {
        StringBuilder value = new StringBuilder(hex(crc(json)));
        for (int tensor : tensors) {
            value.append(' ').append(hex(tensor));
        }
        return value.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Returns the checksums of the tensors in a header, after comparing the header with its own.
     *
     * @param json the header, with its padding
     * @param value the value of {@link #KEY}, or null if there is none
     * @param count the number of tensors in the header
     * @return a checksum for each tensor, or null if there are none
     * @throws CheckpointException if the header does not match its checksum
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
            throw new CheckpointException("the header does not match its checksum (" + KEY
                    + "): it is damaged, or another program has changed the file and kept the old checksums;"
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
