package org.jtorch.serialize.internal.stored;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.UntypedStorage;

/** Opens the storages of a file one at a time. Opening one closes the previous one. */
public final class OpenStorage implements AutoCloseable {

    private final boolean verify;
    private final Set<FileStorage> verified = Collections.newSetFromMap(new IdentityHashMap<>());
    private @Nullable FileStorage file;
    private @Nullable UntypedStorage bytes;

    /**
     * Creates an object without an open storage.
     *
     * @param verify whether the bytes of each storage are first compared with their checksum, if the file has one
     */
    public OpenStorage(boolean verify) {
        this.verify = verify;
    }

    /** Returns the bytes of {@code wanted}, which this object owns. */
    public UntypedStorage of(FileStorage wanted, DType dtype) {
        UntypedStorage current = bytes;
        // the bytes of a big-endian file are swapped by the size of the numbers
        if (current == null || file != wanted || wanted.source().isBigEndian()) {
            close();
            if (verify && verified.add(wanted)) {
                wanted.source().verify(wanted);
            }
            current = wanted.source().open(wanted, dtype, true);
            file = wanted;
            bytes = current;
        }
        return current;
    }

    /** Removes the pages of the open storage from memory. */
    public void unload() {
        UntypedStorage current = bytes;
        if (current != null) {
            current.unload(0, current.nbytes());
        }
    }

    @Override
    public void close() {
        UntypedStorage current = bytes;
        if (current != null) {
            unload();
            current.close();
            bytes = null;
            file = null;
        }
    }
}
