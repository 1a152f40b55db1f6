package org.jtorch.distributed;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.internal.collectives.GlooGroup;
import org.jtorch.internal.collectives.Pending;

/**
 * Compares what the processes of a group call, before they do it: the engine would end the JVM, or return wrong values, if they passed
 * tensors of different sizes or called different operations. The comparison has connections of its own, and always sends values of the same
 * size.
 */
final class CallChecks implements AutoCloseable {

    /** The greatest number of bytes of a call's text that are sent. */
    private static final int TEXT_BYTES = 160;

    private final GlooGroup engine;
    private final List<Integer> members;

    CallChecks(GlooGroup engine, List<Integer> members) {
        this.engine = engine;
        this.members = members;
    }

    /** Returns a call as a text. */
    static String describe(String operation, Tensor tensor) {
        return operation + " of " + tensor.dtype() + " " + Arrays.toString(tensor.shape());
    }

    /**
     * Waits until all processes call this method.
     *
     * @param call what this process calls, which must be equal in all of them
     * @throws DistributedException if they call different things
     * @throws org.jtorch.TorchException if a process did not call this method in time
     */
    void compare(String call) {
        long hash = hash(call);
        Tensor own = Torch.tensor(new long[] {hash}).unscoped();
        Tensor all = Torch.zeros(new long[] {members.size()}, DType.INT64).unscoped();
        engine.allGather(all, own).await();
        long[] hashes = all.toLongArray();
        own.close();
        all.close();
        if (Arrays.stream(hashes).anyMatch(other -> other != hash)) {
            throw new DistributedException(difference(call), List.of(), null);
        }
    }

    /** What a sender says of a tensor before it sends it; it is complete after {@code pending} has ended. */
    record Announcement(Tensor text, Pending pending) {}

    /** Tells another process what this one is about to send. */
    Announcement announce(String what, int destination, int tag) {
        Tensor text = text(what);
        return new Announcement(text, engine.send(text, destination, tag));
    }

    /** Begins to receive what another process says of what it is about to send. */
    Announcement expect(int source, int tag) {
        Tensor text = Torch.zeros(new long[] {TEXT_BYTES}, DType.UINT8).unscoped();
        return new Announcement(text, engine.recv(text, source, tag));
    }

    /** Throws if what was announced is not what this process expects. */
    void compare(String expected, Announcement announced, int source, int rank) {
        String sent = read(announced.text().toByteArray(), 0);
        if (!sent.equals(read(bytes(expected), 0))) {
            throw new DistributedException(
                    "rank " + members.get(source) + " sends " + sent + ", but rank " + members.get(rank) + " receives "
                            + expected + ": give recv a tensor of the shape and dtype that is sent",
                    List.of(),
                    null);
        }
    }

    /**
     * Returns the tag for the transfer of a tensor. Tensors of different shapes or dtypes have different tags, since the engine would
     * end the JVM if it received more than there is room for.
     */
    static int tag(String what, int tag) {
        return (int) (hash(what + " " + tag) & Integer.MAX_VALUE);
    }

    private static byte[] bytes(String text) {
        return Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), TEXT_BYTES);
    }

    private static Tensor text(String text) {
        return ObjectBytes.tensor(bytes(text)).unscoped();
    }

    private static String read(byte[] bytes, int offset) {
        return new String(bytes, offset, TEXT_BYTES, StandardCharsets.UTF_8).replace("\0", "");
    }

    private String difference(String call) {
        Tensor all = Torch.zeros(new long[] {(long) members.size() * TEXT_BYTES}, DType.UINT8)
                .unscoped();
        engine.allGather(all, text(call)).await();
        byte[] bytes = all.toByteArray();
        Map<String, List<Integer>> calls = new TreeMap<>();
        for (int i = 0; i < members.size(); i++) {
            String text = read(bytes, i * TEXT_BYTES);
            calls.computeIfAbsent(text, t -> new ArrayList<>()).add(members.get(i));
        }
        StringBuilder message =
                new StringBuilder("the processes have called different operations, or the same operation with"
                        + " tensors of different shapes or dtypes:");
        calls.forEach((text, ranks) -> message.append(' ')
                .append(Connection.ranks(ranks))
                .append(' ')
                .append(text)
                .append(';'));
        message.setCharAt(message.length() - 1, '.');
        return message + " All processes must make the same calls in the same order";
    }

    /** Returns 64 bits that differ for different texts, but for one in 10 to the power 19. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L; // FNV-1a
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    @Override
    public void close() {
        engine.close();
    }
}
