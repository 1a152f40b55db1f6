package org.jtorch.serialize.internal.stored;

/** A storage in a file. There is one object for each storage, so that tensors that share it still do after loading. */
public final class FileStorage {

    private final StorageSource source;
    private final String key;
    private final long nbytes;
    private final String location;

    /**
     * Creates a storage that was not read yet.
     *
     * @param source reads it
     * @param key its name in the source
     * @param nbytes the number of bytes that tensors may use
     * @param location the device on which it was saved, such as {@code cuda:0}
     */
    public FileStorage(StorageSource source, String key, long nbytes, String location) {
        this.source = source;
        this.key = key;
        this.nbytes = nbytes;
        this.location = location;
    }

    public StorageSource source() {
        return source;
    }

    public String key() {
        return key;
    }

    public long nbytes() {
        return nbytes;
    }

    public String location() {
        return location;
    }

    @Override
    public String toString() {
        return "storage " + key;
    }
}
