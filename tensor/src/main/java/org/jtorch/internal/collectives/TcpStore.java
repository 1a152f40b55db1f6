package org.jtorch.internal.collectives;

import java.time.Duration;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.ByteVector;
import org.bytedeco.pytorch.PrefixStore;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.StringVector;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;
import org.jtorch.internal.Handles;
import org.jtorch.internal.engine.EngineErrors;
import org.jtorch.internal.engine.EngineMessages;

/**
 * A map of the engine that the processes of a group share over TCP: one of them, or another process, serves it. Keys are texts, and values
 * are bytes. Any number of threads may use it; while one waits for a value, the others wait too.
 */
public final class TcpStore implements AutoCloseable {

    static {
        Handles.load();
        EngineMessages.quietLog();
    }

    private final Store store;
    private final int port;

    /** Creates an object that keeps one reference to a counted store. */
    private TcpStore(Store store, int port) {
        this.store = store;
        this.port = port;
    }

    /**
     * Makes the engine count the references to a store. A store that a constructor has made is not counted: the first native owner would
     * free it, and the collector would free it again. A store that a native object returns is counted.
     */
    private static Store counted(Store made) {
        try (PrefixStore owner = new PrefixStore("", made)) {
            Store counted = owner.getUnderlyingStore();
            made.deallocate(false); // the references own it from now on
            return counted;
        }
    }

    /**
     * Connects to a store.
     *
     * @param host the name or address of the machine that serves it
     * @param port the port; for the server, 0 for any free one
     * @param server whether this process serves the store
     * @param timeout how long to wait for the server, and later for values
     * @throws org.jtorch.TorchException if the server is not reached in time, or if the port is in use
     */
    public static TcpStore open(String host, int port, boolean server, Duration timeout) {
        try (TCPStoreOptions options = new TCPStoreOptions();
                Milliseconds wait = new Milliseconds(timeout.toMillis())) {
            options.port((short) port);
            options.isServer(server);
            options.timeout(wait);
            options.multiTenant(false);
            options.useLibUV(false); // this build of the engine has no libuv
            TCPStore made = new TCPStore(host, options);
            int chosen = Short.toUnsignedInt(made.getPort());
            return new TcpStore(counted(made), chosen);
        } catch (RuntimeException e) {
            throw EngineErrors.translate("TCPStore", e);
        }
    }

    /** Returns the port, which is not that of {@link #open} if that was 0. */
    public int port() {
        return port;
    }

    /** Returns a view in which {@code prefix} and a slash stand before each key. It stays valid after this object is closed. */
    public TcpStore prefixed(String prefix) {
        return new TcpStore(counted(new PrefixStore(prefix, store)), port);
    }

    /** Sets a value. */
    public void set(String key, byte[] value) {
        try (ByteVector bytes = new ByteVector(value)) {
            store.set(key, bytes);
        } catch (RuntimeException e) {
            throw EngineErrors.translate("Store.set", e);
        }
    }

    /**
     * Returns a value, after waiting for it.
     *
     * @throws org.jtorch.TorchException if no process sets it in time, or if the server is gone
     */
    public byte[] get(String key) {
        try (ByteVector bytes = store.get(key)) {
            return bytes.get();
        } catch (RuntimeException e) {
            throw EngineErrors.translate("Store.get", e);
        }
    }

    /** Adds to the number at {@code key}, which is 0 if there is none, and returns the sum. */
    public long add(String key, long amount) {
        try {
            return store.add(key, amount);
        } catch (RuntimeException e) {
            throw EngineErrors.translate("Store.add", e);
        }
    }

    /** Returns whether there is a value, without waiting. */
    public boolean has(String key) {
        try (StringVector keys = new StringVector(key)) {
            return store.check(keys);
        } catch (RuntimeException e) {
            throw EngineErrors.translate("Store.check", e);
        }
    }

    Store handle() {
        return store;
    }

    /** Closes the connection unless a group still uses it, and ends the server. */
    @Override
    public void close() {
        store.close();
    }
}
