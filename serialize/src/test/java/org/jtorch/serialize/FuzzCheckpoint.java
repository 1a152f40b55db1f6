package org.jtorch.serialize;

import java.nio.ByteBuffer;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.serialize.format.UnknownClassException;

/** Fuzzed: all of it, from a file's bytes to tensors. */
public final class FuzzCheckpoint {

    private FuzzCheckpoint() {}

    /** Called by the fuzzer before all: starts the engine, so that no input's time is the engine's. */
    public static void fuzzerInitialize() {
        Torch.ones(1).close();
    }

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] data) {
        FuzzBounds.read(() -> read(data));
    }

    static void read(byte[] data) {
        try (TensorScope scope = new TensorScope()) {
            Checkpoint checkpoint = Checkpoint.load(
                    ByteBuffer.wrap(data), data.length % 2 == 0 ? LoadOptions::allowUnknownClasses : o -> {});
            checkpoint.tensors();
            try {
                checkpoint.root();
            } catch (UnknownClassException e) {
                if (e.classes().isEmpty()) {
                    throw new AssertionError("unknown classes without a name", e);
                }
            }
            checkpoint.stateDict();
        }
    }
}
