package org.jtorch.serialize.internal.stored;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.UntypedStorage;

/** The one storage of a file that is open at a time: the next one closes it. */
public final class OpenStorage implements AutoCloseable {

    private final boolean verify;
    private final Set<FileStorage> verified = Collections.newSetFromMap(new IdentityHashMap<>());
    private @Nullable FileStorage file;
    private @Nullable UntypedStorage bytes;

    /**
     * None is open yet.
     *
     * @param verify whether the bytes of each are compared with their checksum first, if the file has one
     */
    public OpenStorage(boolean verify) {
        this.verify = verify;
    }

    /** The bytes of {@code wanted}, which stay this object's. */
    public UntypedStorage of(FileStorage wanted, DType dtype) {
        UntypedStorage current = bytes;
        // numbers of a big-endian file are turned around by their size
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

    /** Lets go of the pages of what is open. */
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
