package org.jtorch.internal.engine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Throwables of Java callbacks on their way through native code, which carries only their text. The callback keeps its
 * throwable here and throws a number in its place; whoever called into the engine finds the number in the engine's message
 * and takes the throwable back. So each caller gets its own, whatever runs on other threads.
 */
public final class CallbackFailures {

    private static final String MARK = "jtorch-callback-";
    private static final Pattern MARKED = Pattern.compile(MARK + "(\\d+)!");
    private static final Map<Long, Throwable> KEPT = new ConcurrentHashMap<>();
    private static final AtomicLong NUMBERS = new AtomicLong();

    private CallbackFailures() {}

    /** What crosses native code: JavaCPP hands on what {@code toString} says, of which it keeps the first 1,000 characters. */
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

    /** What a callback throws in place of {@code failure}, which is kept until it is taken. */
    public static RuntimeException relay(Throwable failure) {
        long number = NUMBERS.incrementAndGet();
        Throwable translated = failure instanceof RuntimeException e ? EngineErrors.translate("backward", e) : failure;
        KEPT.put(number, translated);
        return new Relay(MARK + number + "! " + translated);
    }

    /** The translation of an engine failure with this message, or null if it did not come from a callback. */
    public static @Nullable RuntimeException take(String message) {
        if (!message.contains(MARK)) {
            return null;
        }
        Matcher marked = MARKED.matcher(message);
        while (marked.find()) {
            Throwable kept = KEPT.remove(Long.valueOf(marked.group(1)));
            if (kept != null) {
                // a backward within a callback has translated it already: its cause is the user's own
                Failures failures = EngineErrors.failures();
                return kept instanceof RuntimeException done && failures.isOfCallback(done)
                        ? done
                        : failures.ofCallback(kept);
            }
        }
        return null;
    }

    /** How many throwables wait to be taken. */
    static int kept() {
        return KEPT.size();
    }
}
