package org.jtorch.serialize;

import java.nio.ByteBuffer;
import org.jtorch.Torch;
import org.jtorch.serialize.internal.file.MappedFile;
import org.jtorch.serialize.internal.torch.LegacyReader;

/** Fuzzed: the format of PyTorch before 1.6. */
public final class FuzzLegacy {

    private FuzzLegacy() {}

    /** Called by the fuzzer before all: starts the engine, so that no input's time is the engine's. */
    public static void fuzzerInitialize() {
        Torch.ones(1).close();
    }

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] data) {
        FuzzBounds.read(() -> read(data));
    }

    static void read(byte[] data) {
        try (MappedFile file = MappedFile.copyOf(ByteBuffer.wrap(data))) {
            LegacyReader.read(file, new LoadOptions().reading());
        }
    }
}
