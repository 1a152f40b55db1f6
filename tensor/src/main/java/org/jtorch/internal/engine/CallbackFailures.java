package org.jtorch.internal.engine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Carries throwables of Java callbacks through native code, which only carries their text. The callback stores its
 * throwable here and throws a number in its place. The caller of the engine finds the number in the engine's message and
 * takes the throwable. Therefore each caller receives its own throwable, whatever runs on other threads.
 */
public final class CallbackFailures {

    private static final String MARK = "jtorch-callback-";
    private static final Pattern MARKED = Pattern.compile(MARK + "(\\d+)!");
    private static final Map<Long, Throwable> KEPT = new ConcurrentHashMap<>();
    private static final AtomicLong NUMBERS = new AtomicLong();

    private CallbackFailures() {}

    /** The exception that crosses native code. JavaCPP passes on the result of {@code toString}, up to 1,000 characters. */
    private static final class Relay extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Relay(String message) {
            super(message, null, false, false);
        }

        @Override
        public String toString() {
            return String.valueOf(getMessage());
        }
    }

    /** Returns the exception that a callback must throw in place of {@code failure}, which is stored until it is taken. */
    public static RuntimeException relay(Throwable failure) {
        long number = NUMBERS.incrementAndGet();
        Throwable translated = failure instanceof RuntimeException e ? EngineErrors.translate("backward", e) : failure;
        KEPT.put(number, translated);
        return new Relay(MARK + number + "! " + translated);
    }

    /** Returns the exception for an engine failure with this message, or null if it did not come from a callback. */
    public static @Nullable RuntimeException take(String message) {
        if (!message.contains(MARK)) {
            return null;
        }
        Matcher marked = MARKED.matcher(message);
        while (marked.find()) {
            Throwable kept = KEPT.remove(Long.valueOf(marked.group(1)));
            if (kept != null) {
                // a backward pass within a callback has translated it already: its cause is the user's exception
                Failures failures = EngineErrors.failures();
                return kept instanceof RuntimeException done && failures.isOfCallback(done)
                        ? done
                        : failures.ofCallback(kept);
            }
        }
        return null;
    }

    /** Returns the number of throwables that are stored. */
    static int kept() {
        return KEPT.size();
    }
}
