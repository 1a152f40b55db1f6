package org.jtorch.serialize;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Keys that someone may have meant who asked for one that is not there. */
final class CloseKeys {

    /** Keys that are compared at most, and how long each may be. */
    private static final int COMPARED = 10_000;

    private static final int LENGTH = 100;

    private static final int SHOWN = 3;

    private static final Pattern SEPARATORS = Pattern.compile("[._\\- ]");

    private CloseKeys() {}

    private record Candidate(Object key, int distance) {}

    /** {@code "; did you mean 'model'?"}, or an empty text if no key is close. */
    static String question(String wanted, Collection<?> keys) {
        List<String> close = close(wanted, keys);
        return close.isEmpty()
                ? ""
                : "; did you mean "
                        + close.stream().map(key -> "'" + key + "'").collect(Collectors.joining(" or "))
                        + "?";
    }

    /** The closest few, the closest first. */
    static List<String> close(String wanted, Collection<?> keys) {
        String plain = plain(wanted);
        if (plain.isEmpty() || plain.length() > LENGTH) {
            return List.of();
        }
        return keys.stream()
                .filter(key -> key instanceof String text && text.length() <= LENGTH)
                .limit(COMPARED)
                .map(key -> new Candidate(key, distance(plain, plain((String) key))))
                .filter(candidate -> candidate.distance <= plain.length() / 3)
                .sorted(Comparator.comparingInt(Candidate::distance))
                .limit(SHOWN)
                .map(candidate -> (String) candidate.key)
                .toList();
    }

    private static String plain(String key) {
        return SEPARATORS.matcher(key.toLowerCase(Locale.ROOT)).replaceAll("");
    }

    /** 1 if one is the beginning or the end of the other, else the number of characters to change, to add and to remove. */
    private static int distance(String a, String b) {
        if (a.equals(b)) {
            return 0;
        }
        String shorter = a.length() < b.length() ? a : b;
        String longer = a.length() < b.length() ? b : a;
        if (shorter.length() >= 3 && (longer.startsWith(shorter) || longer.endsWith(shorter))) {
            return 1;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
