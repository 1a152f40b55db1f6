package org.jtorch.serialize.internal.torch;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.CheckpointFormat;
import org.jtorch.serialize.internal.file.MappedFile;
import org.jtorch.serialize.internal.pickle.Environment;
import org.jtorch.serialize.internal.pickle.TruncatedPickleException;
import org.jtorch.serialize.internal.pickle.Unpickler;
import org.jtorch.serialize.internal.stored.Contents;
import org.jtorch.serialize.internal.stored.Reading;

/**
 * Reads the format of PyTorch before 1.6: pickles one after the other (a magic number, a version, a note about the machine,
 * the value, the storages' keys), then the number of elements and the bytes of each storage, little-endian on every
 * machine.
 */
public final class LegacyReader {

    public static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);

    private static final long VERSION = 1001;

    /** The number of bytes that are read first. Longer pickles are read again with more bytes. */
    private static final int FIRST = 1 << 16;

    private final MappedFile file;
    private final Reading reading;
    private byte[] head;
    private int at;

    private LegacyReader(MappedFile file, Reading reading) {
        this.file = file;
        this.reading = reading;
        this.head = head(FIRST);
    }

    public static Contents read(MappedFile file, Reading reading) {
        return new LegacyReader(file, reading).read();
    }

    private Contents read() {
        if (!MAGIC.equals(plain())) {
            throw new CheckpointException("the file's magic number is not that of PyTorch before 1.6");
        }
        Object version = plain();
        if (!(version instanceof Long number) || number != VERSION) {
            throw new CheckpointException("the version of the old format is not " + VERSION);
        }
        if (!(plain() instanceof Map)) {
            throw new CheckpointException("the old format's note about the machine is missing");
        }
        LegacyStorages storages = new LegacyStorages(file);
        TorchEnvironment[] names = new TorchEnvironment[1];
        Object root = next(() -> names[0] = new TorchEnvironment(storages, reading, head.length));
        if (!(plain() instanceof List<?> keys)) {
            throw new CheckpointException("the old format's list of storages is missing");
        }
        storages.locate(keys, names[0], at);
        return new Contents(CheckpointFormat.TORCH_LEGACY, root, Map.of(), names[0].unknown());
    }

    // --- pickles -----------------------------------------------------------------------------------------------

    /** Reads a pickle that does not name anything. */
    private @Nullable Object plain() {
        return next(NoNames::new);
    }

    private @Nullable Object next(Supplier<Environment> names) {
        while (true) {
            try {
                Unpickler.Loaded loaded = Unpickler.load(head, at, names.get(), reading.limits());
                at = loaded.end();
                return loaded.value();
            } catch (TruncatedPickleException e) {
                long limit = Math.min(file.size(), reading.limits().pickleBytes());
                if (e.needed() > limit || head.length >= limit) {
                    throw e;
                }
                head = head(Math.max(e.needed(), head.length * 2L));
            }
        }
    }

    private byte[] head(long length) {
        byte[] bytes = new byte
                [(int) Math.min(
                        Math.min(length, file.size()),
                        Math.max(FIRST, reading.limits().pickleBytes()))];
        file.at(0, bytes.length).get(0, bytes);
        return bytes;
    }

    /** The environment for pickles of plain values. */
    private static final class NoNames implements Environment {

        @Override
        public @Nullable Object global(String module, String name) {
            return null;
        }

        @Override
        public Object persistent(@Nullable Object id) {
            throw new CheckpointException("the old format's head refers to a storage");
        }

        @Override
        public boolean build(Object object, @Nullable Object state) {
            return false;
        }

        @Override
        public void called(String name) {}
    }
}
