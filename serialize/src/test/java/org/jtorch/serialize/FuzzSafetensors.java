package org.jtorch.serialize;

import org.jtorch.serialize.internal.safetensors.SafetensorsHeader;
import org.jtorch.serialize.internal.safetensors.SafetensorsReader;

/** Fuzzed: the JSON at the start of a safetensors file. Loads no engine. */
public final class FuzzSafetensors {

    private FuzzSafetensors() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] data) {
        FuzzBounds.read(() -> read(data));
    }

    static void read(byte[] data) {
        SafetensorsHeader header = SafetensorsHeader.parse(data);
        // as if the file ended with its last tensor
        long end = header.tensors().values().stream()
                .mapToLong(SafetensorsHeader.Entry::end)
                .max()
                .orElse(0);
        SafetensorsReader.checkPlaces(header, end);
    }
}
