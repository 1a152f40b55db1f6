package org.jtorch.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A network that stops: two processes in a network of their own, whose loopback device is switched off and on. */
@EnabledOnOs(OS.LINUX)
@Timeout(150)
class NetworkPauseTest {

    /** Switches the loopback device of this network on and off, as {@code ip link set lo up} does. */
    private static final class Loopback {

        private interface C extends Library {
            C INSTANCE = Native.load("c", C.class);

            int socket(int domain, int type, int protocol);

            int ioctl(int socket, NativeLong request, Pointer argument);

            int close(int socket);
        }

        private static final int AF_INET = 2;
        private static final int SOCK_DGRAM = 2;
        private static final NativeLong SIOCSIFFLAGS = new NativeLong(0x8914);
        private static final short IFF_UP = 1;
        private static final int FLAGS = 16;

        static void set(boolean up) {
            int socket = C.INSTANCE.socket(AF_INET, SOCK_DGRAM, 0);
            try (Memory request = new Memory(40)) {
                request.clear();
                request.setString(0, "lo");
                request.setShort(FLAGS, up ? IFF_UP : 0);
                if (C.INSTANCE.ioctl(socket, SIOCSIFFLAGS, request) != 0) {
                    throw new IllegalStateException("the loopback device cannot be switched: " + Native.getLastError());
                }
            } finally {
                C.INSTANCE.close(socket);
            }
        }
    }

    /** Runs in a network of its own. */
    static final class Network {
        public static void main(String[] arguments) throws Exception {
            Loopback.set(true);
            if (arguments.length > 0) {
                System.out.println("switched");
                return;
            }
            try (Ranks ranks = Ranks.start(2, FaultsTest.Steps.class, "12")) {
                ranks.awaitLine(1, "step 20");
                Loopback.set(false);
                TimeUnit.MILLISECONDS.sleep(500);
                int before = ranks.lines(0).size();
                TimeUnit.SECONDS.sleep(2);
                System.out.println("during the pause " + (ranks.lines(0).size() - before));
                Loopback.set(true);
                ranks.awaitLine(0, "step " + 20 * (before + 2));
                System.out.println("survived");
                Loopback.set(false);
                for (Ranks.Result result : ranks.await(Duration.ofSeconds(60))) {
                    System.out.println("status " + result.status() + " ranks " + result.value("ranks") + " after "
                            + result.value("seconds") + " s " + result.value("error"));
                    System.out.println("closed " + result.lines().contains("closed"));
                }
            }
        }
    }

    @Test
    void aShortPauseIsSurvivedAndALongOneIsAnError() throws IOException, InterruptedException {
        assumeTrue(network("probe").contains("switched"), "this user may not make a network of its own");
        String said = network();
        assertTrue(said.contains("during the pause 0"), said);
        assertTrue(said.contains("survived"), said);
        assertTrue(said.contains("status 0 ranks [] after"), said);
        assertTrue(said.contains("status 0 ranks [0] after"), said);
        assertTrue(said.contains("allReduce failed in rank 0: the store at 127.0.0.1:"), said);
        assertTrue(said.contains("so that the network of this machine does not work"), said);
        assertTrue(said.contains("has ended or stopped, or the network does not work"), said);
        assertEquals(2, said.lines().filter("closed true"::equals).count(), said);
    }

    private static String network(String... arguments) throws IOException, InterruptedException {
        String command = "exec '" + Path.of(System.getProperty("java.home"), "bin", "java") + "' -cp '"
                + System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")) + "' '"
                + Network.class.getName() + "' " + String.join(" ", arguments);
        Process process = new ProcessBuilder("unshare", "--user", "--map-root-user", "--net", "sh", "-c", command)
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text;
    }
}
