package org.jtorch.serialize;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jtorch.nn.state.StateDict;
import org.jtorch.serialize.internal.file.MappedFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files larger than a buffer; those here are holes for the most part, and take no room on the disk. */
class MappedFileTest {

    @TempDir
    Path folder;

    private FileChannel sparse(Path file) throws IOException {
        return FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE);
    }

    @Test
    void anyPartOfALargeFile() throws IOException {
        Path file = folder.resolve("large");
        long[] places = {
            0, (1L << 29) - 4, (1L << 30) - 4, (1L << 30) + 4, (1L << 31) - 3, (1L << 32) - 8, (9L << 29) + 1
        };
        try (FileChannel channel = sparse(file)) {
            for (long place : places) {
                channel.write(
                        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, place + 1), place);
            }
        }
        try (MappedFile mapped = MappedFile.open(file, size -> MappedFile.Access.MAPPED)) {
            assertEquals((9L << 29) + 9, mapped.size());
            for (long one : places) {
                for (long other : places) {
                    assertEquals(one + 1, mapped.at(one, 8).getLong(), "at " + one);
                    assertEquals(other + 1, mapped.at(other, 8).getLong(), "at " + other);
                }
            }
        }
    }

    @Test
    void aTensorBeyondFourGibibytes() throws IOException {
        long large = (1L << 32) + 64;
        String json = "{\"large\":{\"dtype\":\"U8\",\"shape\":[" + large + "],\"data_offsets\":[0," + large + "]},"
                + "\"small\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[" + large + "," + (large + 8) + "]}}";
        json += " ".repeat(8 - json.length() % 8);
        Path file = folder.resolve("large.safetensors");
        try (FileChannel channel = sparse(file)) {
            channel.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, json.length()), 0);
            channel.write(ByteBuffer.wrap(json.getBytes(StandardCharsets.US_ASCII)), 8);
            ByteBuffer small = ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putFloat(3)
                    .putFloat(4)
                    .flip();
            channel.write(small, 8 + json.length() + large);
        }
        StateDict state = Checkpoint.load(file).stateDict();
        assertEquals(large, state.get("large").numel());
        assertEquals(7, state.get("small").sum().item());
    }
}
