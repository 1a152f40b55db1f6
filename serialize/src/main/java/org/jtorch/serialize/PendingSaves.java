package org.jtorch.serialize;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Saves on threads of their own that the process does not end without: a thread that is no daemon keeps it alive after
 * {@code main}, and a shutdown hook waits when it is told to exit.
 */
final class PendingSaves {

    private static final Set<Thread> RUNNING = new LinkedHashSet<>();

    /** Whether the shutdown hook is there. */
    private static boolean hooked;

    /** Whether the shutdown hook has begun: it waits for no save that starts later. */
    private static boolean ending;

    private PendingSaves() {}

    /** Starts a save. A process that is ending already starts no thread for it: it is done when this returns. */
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
                ending = true; // the hooks are running
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
            Thread.currentThread().interrupt(); // somebody wants the process to end at once
        }
    }

    /** Waits, however often this thread is interrupted meanwhile; that is remembered. */
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
