package org.jtorch.serialize.internal.torch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.UntypedStorage;
import org.jtorch.internal.LentBytes;
import org.jtorch.serialize.internal.zip.ZipWriter;

/** Writes the zip format of {@code torch.save}: the pickle, PyTorch's records about the archive, then each storage once. */
public final class TorchWriter {

    private TorchWriter() {}

    /** Writes {@code value} to an archive called {@code name}. */
    public static void write(WritableByteChannel channel, String name, @Nullable Object value) throws IOException {
        try (TensorPickling tensors = new TensorPickling()) {
            ByteBuffer pickle = tensors.pickle(value);
            List<Stored> storages = new ArrayList<>();
            for (UntypedStorage storage : tensors.storages()) {
                storages.add(new Stored(storage.nbytes(), (offset, length) -> LentBytes.of(storage, offset, length)));
            }
            write(channel, name, pickle, storages);
        }
    }

    /**
     * The bytes of a storage.
     *
     * @param content returns them in pieces, from the first to the last
     */
    public record Stored(long nbytes, ZipWriter.Content content) {}

    /** Writes a pickle and its storages, whose keys are 0, 1, … */
    public static void write(WritableByteChannel channel, String name, ByteBuffer pickle, List<Stored> storages)
            throws IOException {
        TorchArchive archive = new TorchArchive(channel, name);
        archive.add("data.pkl", pickle);
        archive.add(".format_version", "1");
        archive.add(".storage_alignment", String.valueOf(ZipWriter.ALIGNMENT));
        archive.add("byteorder", "little");
        for (int i = 0; i < storages.size(); i++) {
            Stored storage = storages.get(i);
            archive.add("data/" + i, storage.nbytes, storage.content);
        }
        archive.add("version", "3\n");
        archive.finish();
    }
}
