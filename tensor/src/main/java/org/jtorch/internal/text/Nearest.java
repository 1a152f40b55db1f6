package org.jtorch.internal.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds names that are similar to a misspelt one. */
public final class Nearest {

    /** The greatest number of candidates that are compared, and the greatest length of each. */
    private static final int COMPARED = 10_000;

    private static final int LENGTH = 100;

    private static final int SHOWN = 3;

    private static final Pattern SEPARATORS = Pattern.compile("[._\\- ]");

    private Nearest() {}

    private record Candidate(String name, int distance) {}

    /** Returns {@code "did you mean 'model'?"}, or an empty string if no candidate is similar. */
    public static String question(String text, Collection<?> candidates) {
        List<String> near = to(text, candidates);
        return near.isEmpty()
                ? ""
                : "did you mean " + near.stream().map(name -> "'" + name + "'").collect(Collectors.joining(" or "))
                        + "?";
    }

    /** Returns {@code "; did you mean 'model'?"} for the end of a message, or an empty string if no candidate is similar. */
    public static String hint(String text, Collection<?> candidates) {
        String question = question(text, candidates);
        return question.isEmpty() ? "" : "; " + question;
    }

    /**
     * Returns the candidates with the fewest letters inserted, removed, replaced or swapped with their neighbour: at most a
     * third of the letters of {@code text}. Case and separators do not count. A name that begins or ends with the other is
     * similar, too.
     *
     * @param text the misspelt name
     * @param candidates the possible names; candidates that are not strings are ignored
     * @return the most similar candidate; up to three in their own order if they are equally similar; empty if none is similar
     */
    public static List<String> to(String text, Collection<?> candidates) {
        String plain = plain(text);
        if (plain.isEmpty() || plain.length() > LENGTH) {
            return List.of();
        }
        List<Candidate> near = candidates.stream()
                .filter(name -> name instanceof String other && other.length() <= LENGTH)
                .limit(COMPARED)
                .map(name -> new Candidate((String) name, distance(plain, plain((String) name))))
                .filter(candidate -> candidate.distance <= Math.max(1, plain.length() / 3))
                .sorted(Comparator.comparingInt(Candidate::distance))
                .toList();
        Set<String> met = new HashSet<>(); // of names that differ in separators only, the first is shown
        return near.stream()
                .filter(candidate -> candidate.distance == near.get(0).distance && met.add(plain(candidate.name)))
                .limit(SHOWN)
                .map(Candidate::name)
                .toList();
    }

    private static String plain(String name) {
        return SEPARATORS.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("");
    }

    private static int distance(String a, String b) {
        if (a.equals(b)) {
            return 0;
        }
        String shorter = a.length() < b.length() ? a : b;
        String longer = a.length() < b.length() ? b : a;
        if (shorter.length() >= 3 && (longer.startsWith(shorter) || longer.endsWith(shorter))) {
            return 1;
        }
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(last[j], row[j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[b.length()];
    }
}
