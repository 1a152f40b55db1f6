package org.jtorch.serialize;

import org.jtorch.serialize.internal.safetensors.ShardedReader;

/** Fuzzed: the index of a sharded checkpoint. Loads no engine. */
public final class FuzzIndex {

    private FuzzIndex() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] data) {
        FuzzBounds.read(() -> read(data));
    }

    static void read(byte[] data) {
        ShardedReader.Index index = ShardedReader.parse(data);
        index.files().values().forEach(ShardedReader::checkName);
    }
}
