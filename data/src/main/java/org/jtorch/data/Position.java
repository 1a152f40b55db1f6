package org.jtorch.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * How far an epoch has come: what was taken from the sampler, and what of it was delivered. It is written by the iterator and
 * read by {@link DataLoader#stateDict}, maybe on another thread.
 */
final class Position {

    /** The random numbers at the beginning of the epoch, from which its order can be drawn again. */
    private final Map<String, Object> start;

    /** The seed of the epoch. */
    final long seed;

    /** Whether the seed was drawn at the beginning of this epoch; persistent workers keep that of their first epoch. */
    final boolean drewSeed;

    private long pulled;
    private boolean exhausted;
    private final TreeSet<Long> undelivered = new TreeSet<>();

    /** For streams: the number of batches that each worker has delivered, and whether it has ended. */
    private final long[] batches;

    private final boolean[] ended;
    private int nextWorker;
    private boolean finished;

    Position(Map<String, Object> start, long seed, boolean drewSeed, int workers) {
        this.start = start;
        this.seed = seed;
        this.drewSeed = drewSeed;
        batches = new long[workers];
        ended = new boolean[workers];
    }

    /** Records that another batch was taken from the sampler, and returns its number. */
    synchronized long pulled() {
        undelivered.add(pulled);
        return pulled++;
    }

    /** Records that the sampler has no further batch. */
    synchronized void exhausted() {
        exhausted = true;
    }

    /** Records that the consumer got a batch. */
    synchronized void delivered(long number) {
        undelivered.remove(number);
    }

    /** Records that the consumer got the next batch of a worker of a stream. */
    synchronized void delivered(int worker) {
        batches[worker]++;
        nextWorker = (worker + 1) % batches.length;
    }

    /** Records that the stream of a worker has ended. */
    synchronized void ended(int worker) {
        ended[worker] = true;
        nextWorker = (worker + 1) % batches.length;
    }

    /** Records that the epoch is over. */
    synchronized void finish() {
        finished = true;
    }

    synchronized boolean isFinished() {
        return finished;
    }

    /** Continues where {@code saved} ended. */
    synchronized void resume(SavedEpoch saved) {
        pulled = saved.pulled();
        exhausted = saved.exhausted();
        undelivered.clear();
        undelivered.addAll(saved.undelivered());
        for (int i = 0; i < batches.length && i < saved.batches().size(); i++) {
            batches[i] = saved.batches().get(i);
            ended[i] = saved.ended().get(i);
        }
        nextWorker = saved.nextWorker();
    }

    synchronized long batches(int worker) {
        return batches[worker];
    }

    synchronized boolean isEnded(int worker) {
        return ended[worker];
    }

    synchronized int nextWorker() {
        return nextWorker;
    }

    synchronized Map<String, Object> stateDict() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("random", start);
        state.put("seed", seed);
        state.put("drew_seed", drewSeed);
        state.put("pulled", pulled);
        state.put("exhausted", exhausted);
        state.put("undelivered", List.copyOf(undelivered));
        state.put("batches", Arrays.stream(batches).boxed().toList());
        List<Boolean> flags = new ArrayList<>();
        for (boolean flag : ended) {
            flags.add(flag);
        }
        state.put("ended", flags);
        state.put("next_worker", (long) nextWorker);
        return state;
    }
}
