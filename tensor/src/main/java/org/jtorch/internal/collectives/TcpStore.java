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
 * A map of the engine that processes share over TCP: one of them, or another process, serves it. Keys are texts, and values are bytes. Any
 * number of threads may use it; while one waits for a value, the others wait too.
 */
public final class TcpStore implements AutoCloseable {

    static {
        Handles.load();
        EngineMessages.quietLog();
    }

    /**
     * What a constructor of the binding has made is not counted by the engine, and may not be passed to it: the first native owner would
     * free it, or never. What {@code clone()} returns is counted, and is another connection to the same server.
     */
    private final Store store;

    private final String prefix;

    private TcpStore(Store store, String prefix) {
        this.store = store;
        this.prefix = prefix;
    }

    /**
     * Connects to a store.
     *
     * @param host the name or address of the machine that serves it
     * @param port the port
     * @param timeout how long to wait for the server, and later for values
     * @throws org.jtorch.TorchException if the server is not reached in time
     */
    public static TcpStore connect(String host, int port, Duration timeout) {
        return new TcpStore(open(host, port, false, timeout), "");
    }

    /**
     * Serves a store until the result is closed. This process too must connect to it in order to use it.
     *
     * @param host the name or address of this machine
     * @param port the port
     * @param timeout how long to wait for values
     * @throws org.jtorch.TorchException if the port is in use
     */
    public static Server serve(String host, int port, Duration timeout) {
        return new Server(open(host, port, true, timeout));
    }

    /** Serves a store. */
    public static final class Server implements AutoCloseable {

        private final TCPStore server;

        private Server(TCPStore server) {
            this.server = server;
        }

        /** Ends the store. */
        @Override
        public void close() {
            server.close();
        }
    }

    private static TCPStore open(String host, int port, boolean server, Duration timeout) {
        try (TCPStoreOptions options = new TCPStoreOptions();
                Milliseconds wait = new Milliseconds(timeout.toMillis())) {
            options.port((short) port);
            options.isServer(server);
            options.timeout(wait);
            options.multiTenant(false);
            options.useLibUV(false); // this build of the engine has no libuv
            return new TCPStore(host, options);
        } catch (RuntimeException e) {
            throw EngineErrors.translate("TCPStore", e);
        }
    }

    /** Returns a view in which {@code prefix} and a slash stand before each key. It is valid until this object is closed. */
    public TcpStore prefixed(String added) {
        return new TcpStore(store, prefix + added + "/");
    }

    /** Returns the engine's view of this object, on a connection of its own. The caller must close it. */
    Store connectAgain() {
        // the engine puts the last slash there
        String without = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
        try (Store connection = store.clone();
                PrefixStore view = new PrefixStore(without, connection)) {
            return view.clone();
        } catch (RuntimeException e) {
            throw EngineErrors.translate("Store.clone", e);
        }
    }

    /** Sets a value. */
    public void set(String key, byte[] value) {
        try (ByteVector bytes = new ByteVector(value)) {
            store.set(prefix + key, bytes);
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
        try (ByteVector bytes = store.get(prefix + key)) {
            return bytes.get();
        } catch (RuntimeException e) {
            throw EngineErrors.translate("Store.get", e);
        }
    }

    /** Adds to the number at {@code key}, which is 0 if there is none, and returns the sum. */
    public long add(String key, long amount) {
        try {
            return store.add(prefix + key, amount);
        } catch (RuntimeException e) {
            throw EngineErrors.translate("Store.add", e);
        }
    }

    /** Returns whether there is a value, without waiting. */
    public boolean has(String key) {
        try (StringVector keys = new StringVector(prefix + key)) {
            return store.check(keys);
        } catch (RuntimeException e) {
            throw EngineErrors.translate("Store.check", e);
        }
    }

    /** Closes the connection. Groups that were connected through it stay. */
    @Override
    public void close() {
        store.close();
    }
}
