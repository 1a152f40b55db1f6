package org.jtorch.serialize;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Saves on threads that the process waits for. A thread that is not a daemon keeps the process alive after {@code main},
 * and a shutdown hook waits for it if the process is told to exit.
 */
final class PendingSaves {

    private static final Set<Thread> RUNNING = new LinkedHashSet<>();

    /** Whether the shutdown hook is registered. */
    private static boolean hooked;

    /** Whether the shutdown hook has started. It does not wait for saves that start later. */
    private static boolean ending;

    private PendingSaves() {}

    /**
     * Starts a save. If the process is ending, the save is done in the calling thread and has ended when this method
     * returns.
     */
    static FutureTask<?> start(Callable<?> save) {
        FutureTask<?> task = new FutureTask<>(save);
        Thread thread = new Thread(
                () -> {
                    task.run();
                    unregister(Thread.currentThread());
                },
                "jtorch-checkpoint-manager");
        thread.setDaemon(false);
        if (register(thread)) {
            thread.start();
        } else {
            task.run();
        }
        return task;
    }

    private static synchronized boolean register(Thread thread) {
        if (!hooked) {
            try {
                Runtime.getRuntime().addShutdownHook(new Thread(PendingSaves::awaitAll, "jtorch-checkpoint-shutdown"));
                hooked = true;
            } catch (IllegalStateException e) {
                ending = true; // the shutdown hooks are running
            }
        }
        return !ending && RUNNING.add(thread);
    }

    private static synchronized void unregister(Thread thread) {
        RUNNING.remove(thread);
    }

    private static synchronized List<Thread> end() {
        ending = true;
        return List.copyOf(RUNNING);
    }

    private static void awaitAll() {
        try {
            for (Thread thread : end()) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the process must end immediately
        }
    }

    /** Waits even if the current thread is interrupted; the interrupt status is restored afterwards. */
    static void await(FutureTask<?> task) throws ExecutionException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    task.get();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
