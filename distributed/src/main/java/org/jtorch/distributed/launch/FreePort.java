package org.jtorch.distributed.launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;

/** Finds ports that no program uses. */
final class FreePort {

    private FreePort() {}

    /** Returns a port that no program uses now. */
    static int find() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port was found for MASTER_PORT", e);
        }
    }
}
