package org.jtorch.serialize;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The bytes of a small archive, and the positions in its directory, for tests that change them. */
final class RawZip {

    private final byte[] bytes;
    private final ByteBuffer numbers;
    private final Map<String, Integer> headers = new HashMap<>();

    private RawZip(byte[] bytes) {
        this.bytes = bytes;
        this.numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int at = numbers.getInt(bytes.length - 6);
        while (numbers.getInt(at) == 0x02014b50) {
            int length = numbers.getShort(at + 28);
            String name = new String(bytes, at + 46, length, StandardCharsets.UTF_8);
            headers.put(name.substring(name.indexOf('/') + 1), at);
            at += 46 + length + numbers.getShort(at + 30) + numbers.getShort(at + 32);
        }
    }

    /** A copy of an archive without a comment. */
    static RawZip of(byte[] archive) {
        return new RawZip(archive.clone());
    }

    /** What {@code torch.save} wrote, with zeros for the serialization id, a hash of PyTorch's own, and its checksums. */
    static byte[] withoutId(byte[] archive) {
        RawZip zip = of(archive);
        int at = zip.dataOffset(".data/serialization_id");
        // the 40 digits, then the descriptor's signature and CRC-32
        Arrays.fill(zip.bytes, at, at + 48, (byte) 0);
        int header = zip.directoryOffset(".data/serialization_id");
        Arrays.fill(zip.bytes, header + 16, header + 20, (byte) 0);
        return zip.bytes;
    }

    byte[] bytes() {
        return bytes;
    }

    int size(String name) {
        return numbers.getInt(headers.get(name) + 24);
    }

    int dataOffset(String name) {
        int local = numbers.getInt(headers.get(name) + 42);
        return local + 30 + numbers.getShort(local + 26) + numbers.getShort(local + 28);
    }

    /** Where the directory has its entry. */
    int directoryOffset(String name) {
        return headers.get(name);
    }

    /** As if torch.save had been told not to compute it. */
    void forgetCrc(String name) {
        numbers.putInt(headers.get(name) + 16, 0);
    }

    void setSize(String name, int size) {
        numbers.putInt(headers.get(name) + 20, size);
        numbers.putInt(headers.get(name) + 24, size);
    }

    void setFlags(String name, int flags) {
        numbers.putShort(headers.get(name) + 8, (short) flags);
    }

    void setMethod(String name, int method) {
        numbers.putShort(headers.get(name) + 10, (short) method);
    }

    void setHeaderOffset(String name, int offset) {
        numbers.putInt(headers.get(name) + 42, offset);
    }

    int headerOffset(String name) {
        return numbers.getInt(headers.get(name) + 42);
    }
}
