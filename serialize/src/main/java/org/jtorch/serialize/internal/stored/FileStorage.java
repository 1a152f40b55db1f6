package org.jtorch.serialize.internal.stored;

/** A storage in a file: one object each, so that tensors which share it go on doing so. */
public final class FileStorage {

    private final StorageSource source;
    private final String key;
    private final long nbytes;
    private final String location;

    /**
     * A storage that is not looked at yet.
     *
     * @param source what reads it
     * @param key its name there
     * @param nbytes how many bytes of it the tensors may use
     * @param location the device that it was on, {@code cuda:0}
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
