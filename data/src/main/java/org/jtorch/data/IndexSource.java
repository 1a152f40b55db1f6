package org.jtorch.data;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The batches of indices of an epoch, with their numbers. */
final class IndexSource {

    /**
     * One batch to make.
     *
     * @param number counted from 0 in each epoch
     */
    @SuppressWarnings("ArrayRecordComponent") // Tasks are not compared.
    record Task(long number, int[] indices) {}

    private final Iterator<int[]> sampler;
    private final Position position;

    /** What was taken from the sampler before the loader was saved, and not delivered. */
    private final Deque<Task> before = new ArrayDeque<>();

    private boolean exhausted;

    IndexSource(Iterator<int[]> sampler, Position position) {
        this.sampler = sampler;
        this.position = position;
    }

    /**
     * Takes from the sampler what was taken when the loader was saved.
     *
     * @throws IllegalStateException if the sampler returns fewer batches
     */
    void replay(SavedEpoch saved) {
        for (long number = 0; number < saved.pulled(); number++) {
            if (!sampler.hasNext()) {
                throw new IllegalStateException("the state was saved after " + saved.pulled()
                        + " batches were taken from the sampler, which now has only " + number
                        + ": the dataset or the sampler is another one");
            }
            int[] indices = sampler.next();
            if (saved.undelivered().contains(number)) {
                before.add(new Task(number, indices));
            }
        }
        exhausted = saved.exhausted() && !sampler.hasNext();
    }

    /** Returns the next batch, or null at the end. */
    @Nullable
    Task next() {
        Task task = before.poll();
        if (task != null) {
            return task;
        }
        if (exhausted || !sampler.hasNext()) {
            exhausted = true;
            position.exhausted();
            return null;
        }
        int[] indices = sampler.next();
        return new Task(position.pulled(), indices);
    }
}
