package org.jtorch.distributed;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.serialize.Checkpoint;

/** Values as bytes, in the format of {@code torch.save}, so that reading them runs nothing. */
final class ObjectBytes {

    private ObjectBytes() {}

    static byte[] write(@Nullable Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Checkpoint.save(bytes, value);
        return bytes.toByteArray();
    }

    static Tensor tensor(byte[] bytes) {
        return Torch.tensor(bytes).view(DType.UINT8);
    }

    static @Nullable Object read(Tensor bytes) {
        return Checkpoint.load(ByteBuffer.wrap(bytes.toByteArray())).root();
    }
}
