package org.jtorch.distributed.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.UntypedStorage;
import org.jtorch.serialize.internal.distributed.FolderIndex;
import org.jtorch.serialize.internal.file.DurableChannel;
import org.jtorch.serialize.internal.torch.TorchWriter;

/** The file of one process: each value in the format of {@code torch.save}, one after the other. */
final class PartsFile implements AutoCloseable {

    /** The positions of values are multiples of this, as those of tensors inside of each. */
    private static final int ALIGNMENT = 64;

    private final String name;
    private final DurableChannel file;
    private long position;

    /** Creates the file {@code name} in a folder, which must not have it. */
    PartsFile(Path folder, String name) throws IOException {
        this.name = name;
        this.file = new DurableChannel(
                FileChannel.open(folder.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    /** Writes a value, and returns its place. */
    FolderIndex.Place add(@Nullable Object value) throws IOException {
        int gap = (int) (-position & (ALIGNMENT - 1));
        for (ByteBuffer zeros = ByteBuffer.allocate(gap); zeros.hasRemaining(); ) {
            position += file.write(zeros);
        }
        long start = position;
        try (TensorScope scope = new TensorScope()) {
            TorchWriter.write(counting, "archive", value instanceof Tensor tensor ? dense(tensor) : value);
        }
        return new FolderIndex.Place(name, start, position - start);
    }

    /** Returns a tensor of the same numbers whose storage has nothing else, on the CPU and outside of any graph. */
    private static Tensor dense(Tensor tensor) {
        Tensor near = tensor.detach().to(Device.CPU).resolveConj().contiguous();
        try (UntypedStorage storage = UntypedStorage.of(near)) {
            return storage.nbytes() == near.nbytes() ? near : near.clone();
        }
    }

    private final WritableByteChannel counting = new WritableByteChannel() {
        @Override
        public int write(ByteBuffer bytes) throws IOException {
            int count = file.write(bytes);
            position += count;
            return count;
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public void close() {
            // the file is closed after the last value
        }
    };

    /** Waits until everything that was written is on the disk. */
    void force() throws IOException {
        file.force();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
