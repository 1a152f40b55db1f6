package org.jtorch.distributed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.serialize.Checkpoint;

/** Values as bytes, in the format of {@code torch.save}, so that reading them runs nothing. */
final class ObjectBytes {

    private ObjectBytes() {}

    static byte[] write(@Nullable Object value) {
        try {
            Path file = Files.createTempFile("jtorch-object", ".pt");
            try {
                Checkpoint.save(file, value);
                return Files.readAllBytes(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a value could not be written for the other processes", e);
        }
    }

    static Tensor tensor(byte[] bytes) {
        return Torch.tensor(bytes).view(DType.UINT8);
    }

    static @Nullable Object read(Tensor bytes) {
        return Checkpoint.load(ByteBuffer.wrap(bytes.toByteArray())).root();
    }
}
