package org.jtorch.distributed;

/**
 * A transfer between two processes, before which the sender says what it sends.
 *
 * @param announcement what the sender says
 * @param check compares it with what the receiver expects; throws if they differ
 * @param transfer the transfer itself
 */
record Announced(Work announcement, Runnable check, Work transfer) implements Work {

    @Override
    public boolean isCompleted() {
        if (!announcement.isCompleted()) {
            return false;
        }
        try {
            announcement.await();
            check.run();
        } catch (DistributedException e) {
            return true; // which await() throws
        }
        return transfer.isCompleted();
    }

    @Override
    public void await() {
        announcement.await();
        check.run();
        transfer.await();
    }
}
