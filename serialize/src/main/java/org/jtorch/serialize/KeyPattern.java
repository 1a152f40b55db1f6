package org.jtorch.serialize;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Matches keys that begin with a pattern, and replaces that prefix. */
final class KeyPattern {

    private final String from;
    private final String to;
    private final Pattern pattern;

    KeyPattern(String from, String to) {
        this.from = from;
        this.to = to;
        long stars = from.chars().filter(c -> c == '*').count();
        if (to.chars().filter(c -> c == '*').count() > stars) {
            throw new IllegalArgumentException(
                    "rename " + from + " to " + to + ": the new name has more * than the old one, which has " + stars);
        }
        if (from.isEmpty()) {
            throw new IllegalArgumentException("rename to " + to + ": the old name is empty");
        }
        StringBuilder regex = new StringBuilder();
        for (String part : from.split("\\*", -1)) {
            regex.append(regex.length() == 0 ? "" : "([^.]*)").append(Pattern.quote(part));
        }
        // a prefix must end at the end of a part of the key
        this.pattern = Pattern.compile(regex + (from.endsWith(".") ? "" : "(?=\\.|$)"), Pattern.DOTALL);
    }

    /** Returns the pattern. */
    String from() {
        return from;
    }

    boolean matches(String key) {
        return pattern.matcher(key).lookingAt();
    }

    /** Returns the new key, or {@code key} if it does not match. */
    String apply(String key) {
        Matcher matcher = pattern.matcher(key);
        if (!matcher.lookingAt()) {
            return key;
        }
        StringBuilder result = new StringBuilder();
        int star = 0;
        for (String part : to.split("\\*", -1)) {
            result.append(star == 0 ? "" : matcher.group(star)).append(part);
            star++;
        }
        return result.append(key, matcher.end(), key.length()).toString();
    }

    @Override
    public String toString() {
        return from + "=" + to;
    }
}
