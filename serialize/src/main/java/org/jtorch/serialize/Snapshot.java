package org.jtorch.serialize;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.UntypedStorage;
import org.jtorch.internal.LentBytes;
import org.jtorch.serialize.internal.torch.TensorPickling;
import org.jtorch.serialize.internal.torch.TorchWriter;

/** A value at one moment, to be written later: its pickle, and a copy of each storage. */
final class Snapshot implements AutoCloseable {

    private static final int PIECE = 64 << 20;

    private final ByteBuffer pickle;
    private final List<UntypedStorage> copies;

    private Snapshot(ByteBuffer pickle, List<UntypedStorage> copies) {
        this.pickle = pickle;
        this.copies = copies;
    }

    static Snapshot of(@Nullable Object value) {
        try (TensorPickling tensors = new TensorPickling()) {
            ByteBuffer pickle = tensors.pickle(value);
            List<UntypedStorage> copies = new ArrayList<>();
            for (UntypedStorage storage : tensors.storages()) {
                copies.add(copy(storage));
            }
            return new Snapshot(pickle, copies);
        }
    }

    private static UntypedStorage copy(UntypedStorage storage) {
        long nbytes = storage.nbytes();
        UntypedStorage copy = UntypedStorage.allocate(nbytes);
        for (long done = 0; done < nbytes; done += PIECE) {
            int length = (int) Math.min(PIECE, nbytes - done);
            LentBytes.of(copy, done, length).put(LentBytes.of(storage, done, length));
        }
        return copy;
    }

    void write(WritableByteChannel channel, String name) throws IOException {
        List<TorchWriter.Stored> storages = new ArrayList<>();
        for (UntypedStorage copy : copies) {
            storages.add(new TorchWriter.Stored(copy.nbytes(), (offset, length) -> LentBytes.of(copy, offset, length)));
        }
        TorchWriter.write(channel, name, pickle.duplicate(), storages);
    }

    @Override
    public void close() {
        copies.forEach(UntypedStorage::close);
    }
}
