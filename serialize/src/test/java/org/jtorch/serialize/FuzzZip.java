package org.jtorch.serialize;

import java.nio.ByteBuffer;
import org.jtorch.serialize.internal.zip.ByteSource;
import org.jtorch.serialize.internal.zip.ZipArchive;
import org.jtorch.serialize.internal.zip.ZipEntry;

/** Fuzzed: the zip reader, the directory and every entry's bytes. Loads no engine. */
public final class FuzzZip {

    private FuzzZip() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] data) {
        FuzzBounds.read(() -> read(data));
    }

    static void read(byte[] data) {
        ZipArchive archive = ZipArchive.read(ByteSource.of(data));
        ByteBuffer room = ByteBuffer.allocate(1 << 20);
        for (ZipEntry entry : archive.entries().values()) {
            if (entry.deflated()) {
                archive.inflateTo(entry, (offset, length) -> room.clear().limit(length));
            } else {
                archive.bytes(entry, 1 << 20);
            }
        }
    }
}
